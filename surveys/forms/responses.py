"""The filter bar of the responses page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.domain.segments import UNKNOWN
from accounts.forms.staff import UNKNOWN_CHOICE
from accounts.labels import value_label
from accounts.models import Dimension
from common.web.forms import SelectMultipleAsOne
from surveys.domain.answers.scoring import SCORES
from surveys.labels import CATEGORY_LABELS, more_values_hint
from surveys.models import Campaign
from surveys.queries.answers.responses import ResponseFilter
from surveys.queries.campaigns.listing import Choices, audience_choices

ANY = [("", _("Any"))]
FIRST = {"text", "category", "has_comment", "campaign", "from_", "to"}
SEGMENT_PREFIX = "segment-"
# A search has some words: each is looked for in many columns, and a database has its limits.
SEARCH_LIMIT = 200


def _day_field(label: Any) -> forms.DateField:
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


class ResponseFilterForm(forms.Form):
    text = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=SEARCH_LIMIT,
        widget=forms.TextInput({"type": "search"}),
    )
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=[*ANY, *((each.value, label) for each, label in CATEGORY_LABELS.items())],
    )
    score = forms.TypedChoiceField(
        label=_("Score"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[*ANY, *((score, str(score)) for score in reversed(SCORES))],
    )
    has_comment = forms.BooleanField(label=_("With a comment"), required=False)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[*ANY, *settings.LANGUAGES]
    )
    from_ = _day_field(_("From"))
    to = _day_field(_("To"))
    tag = forms.CharField(label=_("Tag"), required=False, max_length=SEARCH_LIMIT)
    suspect = forms.BooleanField(label=_("Flagged as suspicious"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaigns = Campaign.objects.order_by("-id").values_list("slug", "name")
        self.fields["campaign"].choices = [*ANY, *campaigns]  # type: ignore[attr-defined]
        listed = audience_choices()
        for (name, label), choices in listed.items():
            self._offer_segment(name, label=label, choices=choices)
        # A figure of another page leads here by any value that was ever frozen, of any dimension.
        known = {name for name, _ in listed}
        for name in self._asked_segments() - known:
            for dimension in Dimension.objects.filter(name=name):
                self._offer_segment(name, label=str(dimension), choices=Choices([]))

    def _asked_segments(self) -> set[str]:
        found = {each for each in self.data if each.startswith(SEGMENT_PREFIX)}
        return {each.removeprefix(SEGMENT_PREFIX) for each in found}

    def _offer_segment(self, name: str, *, label: str, choices: Choices) -> None:
        field = SEGMENT_PREFIX + name
        given = self.data.getlist(field) if hasattr(self.data, "getlist") else []
        values = dict.fromkeys(
            (*filter(None, choices.values), UNKNOWN_CHOICE, *filter(None, given))
        )
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
        return [name for name in self.fields if name not in FIRST]

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

    def wanted(self) -> ResponseFilter:
        """What was asked for; fields with an error ask for nothing and show their error."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        segments = {
            name.removeprefix(SEGMENT_PREFIX): [
                UNKNOWN if value == UNKNOWN_CHOICE else value for value in values
            ]
            for name, values in given.items()
            if name.startswith(SEGMENT_PREFIX) and values
        }
        plain = {
            name: value for name, value in given.items() if not name.startswith(SEGMENT_PREFIX)
        }
        return ResponseFilter(**plain, segments=segments)


def _segment_label(name: str, value: str) -> str:
    return gettext("(not known)") if value == UNKNOWN_CHOICE else value_label(name, value)
