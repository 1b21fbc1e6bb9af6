"""The filter bar of the responses page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms.owners import my_accounts_field
from accounts.labels import value_label
from surveys.domain.answers.scoring import SCORES
from surveys.labels import CATEGORY_LABELS, more_values_hint
from surveys.models import Campaign
from surveys.queries.answers.responses import ResponseFilter
from surveys.queries.campaigns.listing import audience_choices

ANY = [("", _("Any"))]
FIRST = {"mine", "text", "category", "has_comment", "campaign", "from_", "to"}
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
    mine = my_accounts_field()
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
        for (name, label), listed in audience_choices().items():
            self.fields[SEGMENT_PREFIX + name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[
                    *ANY,
                    *((each, value_label(name, each)) for each in listed.values if each),
                ],
                help_text=more_values_hint(len(listed.values)) if listed.there_are_more else "",
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

    def wanted(self, *, reader: str) -> ResponseFilter:
        """What was asked for; fields with an error ask for nothing and show their error.

        `reader`: the address of whoever asks.
        """
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        segments = {
            name.removeprefix(SEGMENT_PREFIX): value
            for name, value in given.items()
            if name.startswith(SEGMENT_PREFIX) and value
        }
        plain = {
            name: value for name, value in given.items() if not name.startswith(SEGMENT_PREFIX)
        }
        owner = reader if plain.pop("mine", "") else ""
        return ResponseFilter(**plain, owner=owner, segments=segments)
