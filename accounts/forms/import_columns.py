"""What each column of a file means, one select a column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.domain.imports.file_columns import FileKind, columns
from accounts.domain.imports.headers import FAMILY, GIVEN
from accounts.domain.imports.mapping import ATTRIBUTE, LEFT_OUT
from accounts.domain.imports.rows import lacking
from accounts.services.imports.columns import Sample
from accounts.services.imports.examples import HAVE_ATTRIBUTES

_FIRST_CLAUSE = re.compile(r"[;:.。；：、,（]")
Choices = list[tuple[str, str]]


class ColumnsForm(forms.Form):
    def __init__(self, *args: object, sample: Sample, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.sample = sample
        choices = _choices(sample.kind)
        for place, match in enumerate(sample.matches):
            if match.header:
                self.fields[f"column_{place}"] = forms.ChoiceField(
                    label=match.header, choices=choices, initial=match.field
                )
                self.fields[f"column_{place}"].widget.attrs["class"] = "form-select"

    def rows(self) -> Iterator[tuple[forms.BoundField, list[str], bool]]:
        """The select of each column, what stands in it, and whether its header was understood."""
        for place, match in enumerate(self.sample.matches):
            if match.header:
                known = match.field not in (ATTRIBUTE, LEFT_OUT)
                yield self[f"column_{place}"], list(self.sample.examples[place]), known

    def clean(self) -> dict[str, str]:
        data: dict[str, str] = self.cleaned_data
        taken: dict[str, str] = {}
        for name, field in list(data.items()):
            if field not in (ATTRIBUTE, LEFT_OUT) and field in taken:
                label = str(self.fields[taken[field]].label)
                self.add_error(
                    name, ValidationError(_("“%(column)s” is this already.") % {"column": label})
                )
            taken.setdefault(field, name)
        names = [field if field != ATTRIBUTE else f" {name}" for name, field in data.items()]
        if absent := lacking(names, self.sample.kind):
            text = _("Say which column is: %(fields)s.")
            labels = dict(_choices(self.sample.kind))
            raise ValidationError(text % {"fields": "; ".join(labels[name] for name in absent)})
        return data

    def said(self) -> dict[str, str]:
        """Each header and what it was said to be."""
        return {str(self.fields[name].label): field for name, field in self.cleaned_data.items()}


def _choices(kind: FileKind) -> Choices:
    kept = _("keep as an attribute") if kind in HAVE_ATTRIBUTES else _("not needed")
    found = [(name, _named(name, column.help)) for name, column in columns(kind).items()]
    if kind is FileKind.RESPONDENTS:
        found += [(FAMILY, _("family name")), (GIVEN, _("given name"))]
    return [(ATTRIBUTE, f"– {kept}"), (LEFT_OUT, f"– {_('leave out')}"), *found]


def _named(name: str, text: str) -> str:
    """The contract's word, and what it means in short."""
    return f"{name} · {_FIRST_CLAUSE.split(_(text), maxsplit=1)[0][:60].strip()}"
