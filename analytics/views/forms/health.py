from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.access.staff import CrispyForm
from accounts.forms.owners import my_accounts_field
from analytics.domain.health.overrides import LONGEST, latest_end, may_end
from analytics.labels import band_label
from analytics.views.forms.period import PeriodForm, Preset

HORIZONS = [
    (str(days), format_lazy(_("{days} days"), days=days)) for days in (30, 60, 90, 180, 365)
]
EVERY = [("7", _("every week")), ("28", _("every 28 days")), ("91", _("every quarter"))]


class EvidenceForm(PeriodForm):
    default_preset = Preset.LAST_24_MONTHS
    horizon = forms.ChoiceField(label=_("Horizon"), required=False, choices=HORIZONS)
    every = forms.ChoiceField(label=_("Observation days"), required=False, choices=EVERY)

    defaults = {"horizon": "90", "every": "28"}


class HealthForm(forms.Form):
    """What of the list is shown; every field may be empty."""

    mine = my_accounts_field()
    q = forms.CharField(label=_("Name or id"), required=False, max_length=100)
    band = forms.ChoiceField(label=pgettext_lazy("health", "Band"), required=False)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)
    # The address of whoever looks at the page.
    reader = ""

    def __init__(self, data: Any, *, bands: list[str]) -> None:
        super().__init__(data)
        words = [("", _("All")), *((band, band_label(band)) for band in bands)]
        self.fields["band"].choices = [*words, ("-", _("no score"))]  # type: ignore[attr-defined]

    def chosen(self) -> list[tuple[str, str]]:
        """In words, for paper and files."""
        if not self.is_valid() or not self.cleaned_data["band"]:
            return []
        return [(str(pgettext_lazy("health", "Band")), band_label(self.cleaned_data["band"]))]

    def show_chosen(self) -> None:
        """Nothing is filled in that was not chosen."""


class OverrideForm(CrispyForm):
    band = forms.ChoiceField(label=pgettext_lazy("health", "Band"))
    reason = forms.CharField(label=_("Why?"), max_length=2000, widget=forms.Textarea({"rows": 3}))
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, *, bands: list[str], today: dt.date) -> None:
        super().__init__(data, initial={"until": latest_end(today)})
        self.today = today
        self.fields["band"].choices = [(band, band_label(band)) for band in bands]  # type: ignore[attr-defined]

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if not may_end(until, today=self.today):
            text = _("Choose a day from today on, at most %(days)s days ahead.")
            raise forms.ValidationError(text, params={"days": LONGEST.days})
        return until
