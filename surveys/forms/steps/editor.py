"""The campaign editor: one form for whom and when, one per language for the texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext

from surveys.domain.wording import DEFAULT_WORDING, FIELD_NAMES
from surveys.forms.steps.campaigns import NEW_CAMPAIGN, CampaignForm
from surveys.forms.steps.questions import QuestionForm, question_forms, questions_of
from surveys.forms.steps.wording import WordingForm
from surveys.models import Campaign

# The steps of the editor, in their order.
STEPS = ("whom", "what", "when", "check")


class CampaignEditor:
    """The forms of the editor as one: valid together, shown together, saved together."""

    def __init__(
        self,
        data: Any,
        *,
        campaign: Campaign | None,
        choices: Any,
        template: Mapping[str, Any] | None = None,
    ) -> None:
        """`template`: the fields that a new campaign begins with."""
        campaign = campaign or Campaign(**{**NEW_CAMPAIGN, **(template or {})})
        self.campaign = CampaignForm(data, instance=campaign, choices=choices)
        written = campaign.wording or {}
        self.wordings = [
            WordingForm(data, language=language, written=written.get(language, {}))
            for language in DEFAULT_WORDING
        ]
        self.questions = question_forms(data, stored=campaign.questions or [])

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
    def open_steps(self) -> list[str]:
        """The steps that hold a field in error."""
        parts = self.campaign.in_error if self.campaign.is_bound else set()
        texts = any(form.errors for form in (*self.wordings, *self.questions))
        found = {
            "whom": parts & {"whom", "more_whom", "audience"},
            "what": texts or parts & {"product", "sender"},
            "when": parts & {"when", "pace", "repeat"},
        }
        return [step for step, faults in found.items() if faults]

    def step(self, *, at: str, wanted: str) -> str:
        """The one that is shown: that which is left is to be in order first."""
        faulty = self.open_steps
        if wanted in STEPS:
            return at if at in faulty else wanted
        return faulty[0] if faulty else STEPS[0]

    @property
    def questions_in_use(self) -> bool:
        return any(form.stored or form.errors for form in self.questions)

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
            "ranges": self.campaign.ranges(),
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

    def asking(self) -> Campaign | None:
        """As it would ask if it were saved now; None where that is not clear yet."""
        self.campaign.is_valid()
        if self.campaign.in_error - {"whom", "product", "sender"}:
            return None
        asking: Campaign = self.campaign.instance
        asking.audience, asking.ranges = self.campaign.audience(), self.campaign.ranges()
        return asking

    def draft(self) -> Campaign:
        """An unsaved campaign with what is written so far, for the preview beside the editor.

        An address that is half written is left out.
        """
        self.is_valid()
        wording = {
            form.language: {name: form.data.get(form.add_prefix(name), "") for name in FIELD_NAMES}
            for form in self.wordings
        }
        get = self.campaign.cleaned_data.get
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
