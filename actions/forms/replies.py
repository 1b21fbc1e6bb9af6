"""What staff write to a customer, and how an admin has such e-mails begin."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.domain.imports.cells.values import MAX_COMMENT
from accounts.forms.access.staff import CrispyForm
from actions.domain.replies import PLACEHOLDERS
from actions.forms.follow_ups.acts import ActForm
from actions.models import ReplyTemplate
from actions.queries.replies import Draft, Recipient, default_texts
from surveys.domain.wording import validate

SUBJECT_LIMIT = 200


def _subject() -> forms.CharField:
    return forms.CharField(label=_("Subject"), max_length=SUBJECT_LIMIT)


def _text() -> forms.CharField:
    return forms.CharField(
        label=pgettext_lazy("e-mail", "Text"),
        max_length=MAX_COMMENT,
        widget=forms.Textarea({"rows": 14}),
    )


class ReplyForm(ActForm):
    to = forms.TypedChoiceField(coerce=int, widget=forms.HiddenInput)
    # What the form was given when it was opened: pressed twice, it is one e-mail.
    key = forms.UUIDField(widget=forms.HiddenInput)
    subject = _subject()
    text = _text()

    def __init__(
        self, data: Any = None, *, people: Sequence[Recipient], initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial={"key": uuid.uuid4(), **initial})
        field: Any = self.fields["to"]
        field.choices = [(each.respondent.pk, "") for each in people]

    def draft(self) -> Draft:
        return Draft(self.cleaned_data["subject"], self.cleaned_data["text"])


class TemplateForm(CrispyForm):
    """How replies to answers begin in one language; empty: Koe's own text again."""

    subject = _subject()
    text = _text()

    def __init__(self, data: Any = None, *, language: str) -> None:
        self.language = language
        self.name = dict(settings.LANGUAGES)[language]
        own = ReplyTemplate.objects.filter(language=language).first()
        with override(language):
            texts = Draft(own.subject, own.text) if own else default_texts()
        super().__init__(
            data,
            prefix=f"reply-{language}",
            initial={"subject": texts.subject, "text": texts.text},
        )
        for name in self.fields:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("subject")) != bool(data.get("text")):
            raise forms.ValidationError(_("Fill in both, or empty both for Koe’s own text."))
        for name in self.fields:
            if unknown := validate(data.get(name, ""), allowed=PLACEHOLDERS):
                text = gettext("Koe does not know {%(name)s}.") % {"name": unknown[0]}
                self.add_error(name, text)
        return data
