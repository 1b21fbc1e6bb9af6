"""Fields of a filter bar for the segments that were frozen on invitations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.domain.segments import UNKNOWN
from accounts.forms.access.staff import SEGMENT_PREFIX, UNKNOWN_CHOICE
from accounts.forms.owners import my_accounts_field
from accounts.labels import value_label
from accounts.models import Dimension
from common.web.forms import SelectMultipleAsOne
from surveys.labels import more_values_hint
from surveys.models import Campaign
from surveys.queries.campaigns.listing import Choices, audience_choices

ANY = [("", _("Any"))]
# PostgreSQL keeps no text with it, and breaks off where one is compared with it.
_NUL = "\0"


def day_field(label: Any) -> forms.DateField:
    """Away from the ends of the calendar, where the next midnight has no date."""
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        validators=[
            MinValueValidator(dt.date(1900, 1, 1)),
            MaxValueValidator(dt.date(2199, 12, 31)),
        ],
    )


class SegmentFilterForm(forms.Form):
    """Whose accounts, days, campaign and segments; the form of a list adds what else there is."""

    mine = my_accounts_field()
    from_ = day_field(_("From"))
    to = day_field(_("To"))
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[*ANY, *settings.LANGUAGES]
    )
    # The fields that do not stand behind “More filters”.
    first: frozenset[str] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaigns = Campaign.objects.order_by("-id").values_list("slug", "name")
        self.fields["campaign"].choices = [*ANY, *campaigns]  # type: ignore[attr-defined]
        listed = audience_choices()
        for (name, label), choices in listed.items():
            self._offer_segment(name, label=label, choices=choices)
        # A figure of another page leads here by any value that was ever frozen, of any dimension.
        asked = {each.removeprefix(SEGMENT_PREFIX) for each in self.data if _is_segment(each)}
        others = Dimension.objects.filter(name__in=asked - {name for name, _label in listed})
        for dimension in others if asked else ():
            self._offer_segment(dimension.name, label=str(dimension), choices=Choices([]))

    def _offer_segment(self, name: str, *, label: str, choices: Choices) -> None:
        field = SEGMENT_PREFIX + name
        given = self.data.getlist(field) if hasattr(self.data, "getlist") else []
        given = [each for each in given if _NUL not in each]
        values = dict.fromkeys(filter(None, (*choices.values, UNKNOWN_CHOICE, *given)))
        self.fields[field] = forms.MultipleChoiceField(
            label=label,
            required=False,
            choices=[*ANY, *((each, _segment_label(name, each)) for each in values)],
            help_text=more_values_hint(len(choices.values)) if choices.there_are_more else "",
            widget=SelectMultipleAsOne,
        )

    @property
    def more(self) -> list[str]:
        """The fields that stand behind “More filters”."""
        return [name for name in self.fields if name not in self.first]

    @property
    def more_in_use(self) -> bool:
        return any(self.data.get(name) for name in self.more)

    @property
    def in_use(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("from_"), cleaned.get("to")
        if first and last and last < first:
            self.add_error("to", _("This is before “From”. Choose a later day."))
        return cleaned

    def given(self, *, reader: str) -> dict[str, Any]:
        """What was asked for besides segments; fields with an error ask for nothing.

        `owner`: the reader, where they ask for their own accounts.
        """
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        given = {name: value for name, value in cleaned.items() if not _is_segment(name)}
        given["owner"] = reader if given.pop("mine", "") else ""
        return given

    def segments(self) -> dict[str, list[str]]:
        """Dimension to the values asked for."""
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        return {
            name.removeprefix(SEGMENT_PREFIX): [
                UNKNOWN if value == UNKNOWN_CHOICE else value for value in values
            ]
            for name, values in cleaned.items()
            if _is_segment(name) and values
        }


def _is_segment(field: str) -> bool:
    return field.startswith(SEGMENT_PREFIX) and _NUL not in field


def _segment_label(name: str, value: str) -> str:
    return gettext("(not known)") if value == UNKNOWN_CHOICE else value_label(name, value)
