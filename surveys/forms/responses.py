"""The filter bar of the responses page, and what staff write beside an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.domain.answers.questions import SATISFACTION, SATISFIED_FROM
from surveys.domain.answers.scoring import SCORES
from surveys.forms.steps.layout import helper
from surveys.forms.steps.segments import ANY, SegmentFilterForm
from surveys.labels import CATEGORY_LABELS
from surveys.models import Response
from surveys.queries.answers.responses import ResponseFilter

# A search has some words: each is looked for in many columns, and a database has its limits.
SEARCH_LIMIT = 200
# CSAT is the share of the satisfied among the answered.
STEPS_BY_CHOICE = {
    "answered": SATISFACTION,
    "satisfied": tuple(each for each in SATISFACTION if int(each) >= SATISFIED_FROM),
    "other": tuple(each for each in SATISFACTION if int(each) < SATISFIED_FROM),
}


class ResponseFilterForm(SegmentFilterForm):
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
    tag = forms.CharField(label=_("Tag"), required=False, max_length=SEARCH_LIMIT)
    satisfaction = forms.TypedChoiceField(
        label=_("Satisfaction"),
        required=False,
        coerce=STEPS_BY_CHOICE.__getitem__,
        empty_value=None,
        choices=[
            *ANY,
            ("answered", _("Answered, 1 to 5")),
            ("satisfied", _("4 or 5")),
            ("other", _("1 to 3")),
        ],
    )
    suspect = forms.BooleanField(label=_("Flagged as suspicious"), required=False)

    field_order = (
        *("mine", "text", "category", "score", "has_comment", "campaign", "language"),
        *("from_", "to", "tag", "satisfaction", "suspect"),
    )
    first = frozenset({"mine", "text", "category", "has_comment", "campaign", "from_", "to"})

    def wanted(self, *, reader: str) -> ResponseFilter:
        """What was asked for; fields with an error ask for nothing and show their error.

        `reader`: the address of whoever asks.
        """
        return ResponseFilter(**self.given(reader=reader), segments=self.segments())


class FollowUpForm(forms.ModelForm):  # type: ignore[type-arg]
    """What we did about an answer."""

    class Meta:
        model = Response
        fields = ["tags", "note"]
        widgets = {"note": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("tags", "note")

    def save(self, commit: bool = True) -> Response:
        """These fields alone: the rest is the respondent's, who may be answering meanwhile."""
        if commit:
            self.instance.save(update_fields=self.Meta.fields)
        response: Response = self.instance
        return response

    def clean_tags(self) -> str:
        words = self.cleaned_data["tags"].replace("、", ",").split(",")
        return ", ".join(dict.fromkeys(word.strip() for word in words if word.strip()))
