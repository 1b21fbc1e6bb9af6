"""One customer or respondent, in the columns of a file; what is wrong with it, the import says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext

from accounts.domain.imports.cells.values import MAX_COMMENT
from accounts.domain.imports.declaration import Column
from accounts.domain.imports.file_columns import FileKind, columns
from accounts.domain.imports.rows import RowError
from accounts.domain.reasons import ReasonCode
from accounts.forms.access.staff import CrispyForm
from accounts.labels import reason_text

DAYS = frozenset({"started_on", "churned_on", "renews_on"})
# Asked only of who is told that ids differ by leading zeros.
ZEROS = "zeros_count"
ADDRESSES = frozenset({"email", "owner_email"})


class RowForm(CrispyForm):
    """`labels`: of the fields, in their order; those that are no column are attributes."""

    def __init__(
        self, data: Any = None, *, kind: FileKind, labels: Mapping[str, str], initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        known = columns(kind)
        for name, label in labels.items():
            self.fields[name] = _field(name, label=label, **_told(known.get(name)))
            # What others change while a page is open stays theirs: see `changed`.
            self.fields[name].show_hidden_initial = initial is not None

        if initial is None and ZEROS in self.data:
            self._ask_zeros()

    def _ask_zeros(self) -> None:
        label = gettext("It is another customer, although only leading zeros differ")
        self.fields[ZEROS] = forms.BooleanField(label=label, required=False)

    @property
    def values(self) -> dict[str, str]:
        return {name: text for name, text in self.cleaned_data.items() if name != ZEROS}

    @property
    def zeros_count(self) -> bool:
        return bool(self.cleaned_data.get(ZEROS))

    @property
    def changed(self) -> dict[str, str]:
        """What was written otherwise than it stood there when the page was opened."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def refuse(self, errors: Sequence[RowError]) -> None:
        for error in errors:
            field = error.field if error.field in self.fields else None
            self.add_error(field, reason_text(error.reason))
            if error.reason.code == ReasonCode.ID_ZEROS:
                self._ask_zeros()


def _told(column: Column | None) -> dict[str, Any]:
    """An attribute has no column of ours, and may always be empty."""
    if column is None:
        return {"required": False}
    return {"required": column.required, "help_text": gettext(column.help)}


def _field(name: str, **options: Any) -> forms.Field:
    if name == "language":
        choices = [("", "–"), *settings.LANGUAGES]
        return forms.ChoiceField(choices=choices, **options)
    if name == "churn_note":
        area = forms.Textarea({"rows": 3})
        return forms.CharField(max_length=MAX_COMMENT, widget=area, **options)
    kind = "date" if name in DAYS else "email" if name in ADDRESSES else "text"
    return forms.CharField(widget=forms.TextInput({"type": kind}), **options)
