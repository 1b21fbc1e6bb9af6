"""What somebody says of their weekly digest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.access.staff import CrispyForm
from actions.models import DigestWish
from surveys.forms.steps.campaigns import WEEKDAYS

MONDAY, MORNING = 0, 8


class DigestForm(CrispyForm):
    wanted = forms.BooleanField(label=_("Send me the weekly digest"), required=False)
    weekday = forms.TypedChoiceField(
        label=pgettext_lazy("digest", "On"), choices=WEEKDAYS, coerce=int
    )
    hour = forms.TypedChoiceField(
        label=pgettext_lazy("digest", "At"),
        choices=[(hour, f"{hour}:00") for hour in range(24)],
        coerce=int,
    )

    def __init__(self, data: Any = None, *, wish: DigestWish | None, zone: str) -> None:
        super().__init__(
            data,
            initial={
                "wanted": wish is not None,
                "weekday": wish.weekday if wish else MONDAY,
                "hour": wish.hour if wish else MORNING,
            },
        )
        self.fields["hour"].help_text = zone
