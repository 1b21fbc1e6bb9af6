"""The campaign editor: one form for whom and when, one per language for the texts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.labels import value_label
from surveys.domain.reminders import REMINDER_MIN_DAYS
from surveys.domain.wording import DEFAULT_WORDING, FIELD_NAMES
from surveys.forms.layout import helper
from surveys.forms.questions import QuestionForm, question_forms, questions_of
from surveys.forms.wording import WordingForm
from surveys.labels import more_values_hint
from surveys.models import Campaign, Response
from surveys.queries.campaigns.listing import Choices

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
AUDIENCE_HINT = format_lazy(
    '<p class="hint">{}</p>',
    _(
        "Nothing selected: everybody. Values in the same row: any of them. Several rows: all of "
        "them."
    ),
)
# What a team would choose that thinks of the people it writes to.
NEW_CAMPAIGN = {
    "per_hour": 500,
    "minimum_gap_days": 30,
    "send_from": dt.time(9),
    "send_until": dt.time(18),
    "weekdays": [0, 1, 2, 3, 4],
    "holidays_of": "JP",
}
AUDIENCE_PREFIX = "audience-"
UNKNOWN_VALUE = "\u2014"


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
        ]
        for name in ("expires_after_days", "reminder_after_days"):
            self.fields[name].widget.attrs["min"] = 1
        self.helper = self._helper()

    def _add_audience_field(self, name: str, label: str, listed: Choices) -> str:
        chosen = (self.instance.audience or {}).get(name, [])
        shown = [*listed.values, *(value for value in chosen if value not in listed.values)]
        field = AUDIENCE_PREFIX + name
        self.fields[field] = forms.MultipleChoiceField(
            label=label,
            choices=[
                (value or UNKNOWN_VALUE, value_label(name, value) if value else _("(not known)"))
                for value in shown
            ],
            initial=[value or UNKNOWN_VALUE for value in chosen],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=more_values_hint(len(listed.values)) if listed.there_are_more else "",
        )
        return field

    def _helper(self) -> FormHelper:
        audience = [Div(*self.audience_fields, css_class="choice-columns")]
        return helper(
            Fieldset(_("What is it about?"), "name", "product_name"),
            Fieldset(
                _("Who is asked?"),
                HTML(AUDIENCE_HINT),
                *audience,
                "languages",
            ),
            Fieldset(
                _("When are the e-mails sent?"),
                Div("starts_at", "ends_at", css_class="form-columns"),
                Div("send_from", "send_until", css_class="form-columns"),
                "weekdays",
                Div("holidays_of", "per_hour", css_class="form-columns"),
            ),
            Fieldset(
                _("How long do we wait?"),
                Div("expires_after_days", "reminder_after_days", css_class="form-columns"),
                "minimum_gap_days",
            ),
            Fieldset(
                _("Who is it from?"), Div("sender_name", "reply_to", css_class="form-columns")
            ),
        )

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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("This is before the start. Choose a later time."))
        first, last = cleaned.get("send_from"), cleaned.get("send_until")
        if (first is None) != (last is None):
            self.add_error("send_until", _("Fill in both times, or neither."))
        elif first is not None and last is not None and last <= first:
            self.add_error("send_until", _("This is before “not before”. Choose a later time."))
        return cleaned

    def audience(self) -> dict[str, list[str]]:
        chosen = {
            field.removeprefix(AUDIENCE_PREFIX): self.cleaned_data.get(field, [])
            for field in self.audience_fields
        }
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


class CampaignEditor:
    """The forms of the editor as one: valid together, shown together, saved together."""

    def __init__(self, data: Any, *, campaign: Campaign | None, choices: Any) -> None:
        initial = {} if campaign else dict(NEW_CAMPAIGN)
        self.campaign = CampaignForm(data, instance=campaign, initial=initial, choices=choices)
        written = campaign.wording if campaign else {}
        self.wordings = [
            WordingForm(data, language=language, written=written.get(language, {}))
            for language in DEFAULT_WORDING
        ]
        self.questions = question_forms(data, stored=campaign.questions if campaign else [])

    @property
    def forms(self) -> list[forms.BaseForm]:
        return [self.campaign, *self.wordings, *self.questions]

    def is_valid(self) -> bool:
        return all(form.is_valid() for form in self.forms)

    @property
    def error_count(self) -> int:
        return sum(len(form.errors) for form in self.forms if form.is_bound)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Of each field in error where it stands on the page, and its label."""
        return [
            (_place_of(form[name]), f"{_part_of(form)}{form[name].label}")
            for form in self.forms
            for name in form.errors
            if name in form.fields
        ]

    @property
    def unfolded(self) -> list[str]:
        """The languages whose texts are to be seen: those in error, else the first."""
        in_error = [form.language for form in self.wordings if form.errors]
        return in_error or [self.wordings[0].language]

    def fields(self) -> dict[str, Any]:
        """The fields of Campaign that were edited, ready for the service."""
        names = CampaignForm.Meta.fields
        return {
            **{name: self.campaign.cleaned_data[name] for name in names},
            "audience": self.campaign.audience(),
            "wording": {form.language: form.written() for form in self.wordings},
            "questions": questions_of(self.questions),
        }

    def faults(self, language: str) -> list[tuple[BoundField, str]]:
        """Field and error of each text that cannot be used, in the order of the form."""
        found = (form for form in self.wordings if form.language == language)
        return [
            (form[name], str(error))
            for form in found
            for name, errors in form.errors.items()
            for error in errors
        ]

    def draft(self) -> Campaign:
        """An unsaved campaign with what is written so far, for the preview beside the editor."""
        self.is_valid()
        wording = {
            form.language: {name: form.data.get(form.add_prefix(name), "") for name in FIELD_NAMES}
            for form in self.wordings
        }
        get = self.campaign.data.get
        return Campaign(
            slug="preview",
            name=get("name", ""),
            product_name=get("product_name", ""),
            sender_name=get("sender_name", ""),
            reply_to=get("reply_to", ""),
            wording=wording,
        )


def _place_of(field: BoundField) -> str:
    """The field itself, which a link then leads to; of a group of boxes the frame around it."""
    return field.id_for_label or f"div_{field.auto_id}"


def _part_of(form: forms.BaseForm) -> str:
    """Before the label of a field that another part of the editor has as well."""
    if isinstance(form, WordingForm):
        return f"{dict(settings.LANGUAGES)[form.language]}: "
    if isinstance(form, QuestionForm):
        return gettext("Question %(number)s") % {"number": form.number} + ": "
    return ""


class FollowUpForm(forms.ModelForm):  # type: ignore[type-arg]
    """What we did about an answer."""

    class Meta:
        model = Response
        fields = ["tags", "note"]
        widgets = {"note": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("tags", "note")

    def clean_tags(self) -> str:
        words = self.cleaned_data["tags"].replace("、", ",").split(",")
        return ", ".join(dict.fromkeys(word.strip() for word in words if word.strip()))
