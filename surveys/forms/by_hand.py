from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.domain.imports.cells.values import MAX_COMMENT
from accounts.forms.access.staff import CrispyForm
from accounts.models import Respondent
from surveys.domain.answers.by_hand import first_day
from surveys.domain.answers.scoring import SCORES
from surveys.services.answers.by_hand import Entered


class EnteredAnswerForm(CrispyForm):
    score = forms.TypedChoiceField(
        label=_("How likely are they to recommend us?"),
        help_text=_("As they said it: 0 is not at all, 10 is extremely likely."),
        choices=[("", "–"), *((value, str(value)) for value in reversed(SCORES))],
        coerce=int,
    )
    comment = forms.CharField(
        label=_("In their words"),
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea({"rows": 5}),
    )
    language = forms.ChoiceField(label=_("Language of the answer"), choices=settings.LANGUAGES)
    day = forms.DateField(
        label=_("Day of the answer"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    ref = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, respondent: Respondent, today: dt.date) -> None:
        initial = {"language": respondent.language, "day": today, "ref": uuid.uuid4()}
        super().__init__(data, initial=initial)
        self.today = today

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("This is in the future. Write down what has happened."))
        if day < first_day(self.today):
            raise forms.ValidationError(
                _("This is more than a year ago. Import a file of answers.")
            )
        return day

    def entered(self) -> Entered:
        return Entered(**self.cleaned_data)
