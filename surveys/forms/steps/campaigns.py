"""Whom a campaign asks, when and how fast; and a test of its mail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveys.domain.campaigns.ranges import Kind
from surveys.domain.campaigns.reminders import REMINDER_MIN_DAYS
from surveys.forms.steps import repeat
from surveys.forms.steps.audience import (
    AUDIENCE_PREFIX,
    ENDS,
    RANGE_PREFIX,
    UNKNOWN_VALUE,
    span_fields,
    span_words,
    spans,
    values_field,
    written,
)
from surveys.forms.steps.layout import helper
from surveys.labels import CAMPAIGN_STATE_LABELS
from surveys.models import Campaign
from surveys.queries.campaigns.listing import ARCHIVED, Choices

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
HOLIDAYS = [
    ("", _("No country")),
    ("JP", _("Japan")),
    ("US", _("United States")),
    ("GB", _("United Kingdom")),
    ("DE", _("Germany")),
    ("FR", _("France")),
    ("SG", _("Singapore")),
    ("AU", _("Australia")),
]
# What a team would choose that thinks of the people it writes to.
NEW_CAMPAIGN = {
    "per_hour": 500,
    "minimum_gap_days": 30,
    "send_from": dt.time(9),
    "send_until": dt.time(18),
    "weekdays": [0, 1, 2, 3, 4],
    "holidays_of": "JP",
}
# In which part of the editor a field stands; of the fields without one: the audience.
PART_OF = {
    "name": "whom",
    **dict.fromkeys(["languages", "minimum_gap_days", "asks_former"], "more_whom"),
    "product_name": "product",
    **dict.fromkeys(["sender_name", "reply_to"], "sender"),
    **dict.fromkeys([*repeat.FIELDS, "date_side"], "repeat"),
    **dict.fromkeys(["starts_at", "ends_at", "send_from", "send_until", "weekdays"], "when"),
    **dict.fromkeys(
        ["holidays_of", "per_hour", "expires_after_days", "reminder_after_days"], "pace"
    ),
}


class CampaignFilterForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=200, widget=forms.SearchInput)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all")),
            *((each.value, label) for each, label in CAMPAIGN_STATE_LABELS.items()),
            (ARCHIVED, _("Archived")),
        ],
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom a campaign asks, when and how fast.

    `choices` maps each dimension (name, label) to the values that occur: the audience's boxes.
    """

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None selected: respondents of every language, each in their own."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None selected: every day."),
    )
    holidays_of = forms.ChoiceField(
        label=_("Skip the national holidays of"), choices=HOLIDAYS, required=False
    )

    class Meta:
        model = Campaign
        fields = [
            "name",
            "product_name",
            "languages",
            "asks_former",
            "starts_at",
            "ends_at",
            "per_hour",
            "minimum_gap_days",
            "expires_after_days",
            "reminder_after_days",
            "send_from",
            "send_until",
            "weekdays",
            "holidays_of",
            "sender_name",
            "reply_to",
            *repeat.FIELDS,
        ]
        labels = {"sender_name": _("Sender name for all languages")}
        help_texts = {
            "sender_name": _(
                "Replaces the sender names in the texts. Leave empty to use each language’s own."
            ),
        }
        widgets = {
            "starts_at": forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
            "ends_at": forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
            "send_from": forms.TimeInput({"type": "time"}, "%H:%M"),
            "send_until": forms.TimeInput({"type": "time"}, "%H:%M"),
        }

    def __init__(self, *args: Any, choices: dict[tuple[str, str], Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience_fields = [
            self._add_audience_field(name, label, listed)
            for (name, label), listed in choices.items()
            if listed.kind is Kind.VALUES or (self.instance.audience or {}).get(name)
        ]
        self.spans = spans(self.instance, choices)
        for name, (label, kind) in self.spans.items():
            chosen = (self.instance.ranges or {}).get(name, {})
            self.fields |= span_fields(name, label, kind, chosen)
        self.fields |= repeat.fields_of(self.instance)
        self.initial["date_days"] = abs(self.instance.date_days)
        for name in ("latest_days", "date_days"):
            self.fields[name].required = False
            self.fields[name].widget.attrs["min"] = 0
        for name in ("expires_after_days", "reminder_after_days"):
            self.fields[name].widget.attrs["min"] = 1
        self._lay_out()

    def _add_audience_field(self, name: str, label: str, listed: Choices) -> str:
        chosen = (self.instance.audience or {}).get(name, [])
        self.fields[AUDIENCE_PREFIX + name] = values_field(name, label, listed, chosen)
        return AUDIENCE_PREFIX + name

    def _lay_out(self) -> None:
        """The fields of each step of the editor; those of the audience are drawn one by one."""
        self.whom = helper("languages", "minimum_gap_days", "asks_former")
        self.product = helper("product_name")
        self.sender = helper(Div("sender_name", "reply_to", css_class="form-columns"))
        self.rule = helper(*repeat.layout())
        self.when = helper(
            Div("starts_at", "ends_at", css_class="form-columns"),
            Div("send_from", "send_until", css_class="form-columns pair"),
            "weekdays",
        )
        self.pace = helper(
            Div("holidays_of", "per_hour", css_class="form-columns"),
            Div("expires_after_days", "reminder_after_days", css_class="form-columns"),
        )

    @property
    def choices_of_audience(self) -> list[tuple[BoundField, str]]:
        """Each dimension with the words of what is chosen of it; empty for all."""
        found = []
        for name in self.audience_fields:
            field: Any = self[name]
            chosen = [str(value) for value in field.value() or []]
            words = [label for value, label in field.field.choices if str(value) in chosen]
            found.append((field, ", ".join(str(word) for word in words)))
        return found

    @property
    def spans_of_audience(self) -> list[tuple[str, BoundField, BoundField, str]]:
        """Each number or date with its two ends, and in words what is chosen of it."""
        found = []
        for name, (label, _kind) in self.spans.items():
            low, high = (self[f"{RANGE_PREFIX}{name}-{end}"] for end in ENDS)
            ends = {"from": str(low.value() or ""), "to": str(high.value() or "")}
            found.append((label, low, high, span_words(ends) if any(ends.values()) else ""))
        return found

    @property
    def has_audience(self) -> bool:
        """Something is chosen, or to be mended."""
        chosen = (words for *_, words in (*self.choices_of_audience, *self.spans_of_audience))
        return any(chosen) or "audience" in self.in_error

    @property
    def in_error(self) -> set[str]:
        """The parts of the editor that hold a field in error."""
        return {PART_OF.get(name, "audience") for name in self.errors}

    def clean_reminder_after_days(self) -> int | None:
        days: int | None = self.cleaned_data["reminder_after_days"]
        if days is not None and days < REMINDER_MIN_DAYS:
            text = _("Wait at least %(days)s days before a reminder.")
            raise forms.ValidationError(text % {"days": REMINDER_MIN_DAYS})
        return days

    def clean_per_hour(self) -> int | None:
        pace: int | None = self.cleaned_data["per_hour"]
        if pace == 0:
            raise forms.ValidationError(_("Enter 1 or more, or leave it empty for no limit."))
        return pace

    def clean_date_days(self) -> int:
        days: int = self.cleaned_data["date_days"] or 0
        return repeat.signed(days, self.data.get(self.add_prefix("date_side"), ""))

    def clean_latest_days(self) -> int:
        return self.cleaned_data["latest_days"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_spans(cleaned)
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("This is before the start. Choose a later time."))
        first, last = cleaned.get("send_from"), cleaned.get("send_until")
        if (first is None) != (last is None):
            self.add_error("send_until", _("Fill in both times, or neither."))
        elif first is not None and last is not None and last <= first:
            self.add_error("send_until", _("This is before “not before”. Choose a later time."))
        return cleaned

    def _check_spans(self, cleaned: dict[str, Any]) -> None:
        for name in self.spans:
            low, high = (cleaned.get(f"{RANGE_PREFIX}{name}-{end}") for end in ENDS)
            if low is not None and high is not None and high < low:
                text = _("This is below “from”. Choose a larger one.")
                self.add_error(f"{RANGE_PREFIX}{name}-to", text)

    def ranges(self) -> dict[str, dict[str, str]]:
        get = self.cleaned_data.get
        found = {
            name: {end: written(get(f"{RANGE_PREFIX}{name}-{end}")) for end in ENDS}
            for name in self.spans
        }
        return {
            name: {end: text for end, text in ends.items() if text}
            for name, ends in found.items()
            if any(ends.values())
        }

    def audience(self) -> dict[str, list[str]]:
        chosen = {
            field.removeprefix(AUDIENCE_PREFIX): self.cleaned_data.get(field, [])
            for field in self.audience_fields
        }
        # What a program chose by, and no box is here for, is not taken back.
        chosen = (self.instance.audience or {}) | chosen
        return {
            name: ["" if value == UNKNOWN_VALUE else value for value in values]
            for name, values in chosen.items()
            if values
        }


class TrialForm(forms.Form):
    """A test mail to oneself."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("language")
        self.fields["language"].help_text = gettext("Marked as a test; not counted anywhere.")
