from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.access.staff import CrispyForm
from accounts.models import Measure, MetricSettings
from accounts.models.metrics import LONGEST_ONBOARDING
from common.text import plain_number

PERCENT = 100
_NUMBER = {"step": "any", "inputmode": "decimal"}


class MetricSettingsForm(CrispyForm):
    """Shares are entered in per cent and stored as fractions of 1."""

    onboarding_days = forms.IntegerField(
        label=_("Days for onboarding"),
        min_value=1,
        max_value=LONGEST_ONBOARDING,
        help_text=_("Onboarding is complete in time within so many days of the start."),
    )
    margin = forms.DecimalField(
        label=_("Margin in %"),
        min_value=Decimal("0.01"),
        max_value=PERCENT,
        decimal_places=2,
        widget=forms.NumberInput(_NUMBER),
        help_text=_(
            "What is left of revenue after the cost of serving it; 100: lifetime value is revenue."
        ),
    )
    discount = forms.DecimalField(
        label=_("Discount per year in %"),
        min_value=0,
        max_value=Decimal("99.99"),
        decimal_places=2,
        widget=forms.NumberInput(_NUMBER),
        help_text=_("How much less money is worth that comes a year later; 0: as much."),
    )
    engagement_measure = forms.ModelChoiceField(
        Measure.objects.all(),
        label=_("Measure of engagement"),
        required=False,
        empty_label=_("none: the engagement rate is not known"),
        help_text=_("A measure of the imported usage, such as log-ins."),
    )
    engagement_from = forms.DecimalField(
        label=_("Engaged from"),
        required=False,
        min_value=Decimal("0.0001"),
        max_value=Decimal("99999999"),
        decimal_places=4,
        widget=forms.NumberInput(_NUMBER),
        help_text=_(
            "The mean of the measure per day and seat over the last 28 days from which a customer "
            "counts as engaged."
        ),
    )

    def __init__(self, data: Any = None, *, settings: MetricSettings) -> None:
        self.settings = settings
        super().__init__(data, initial=_shown(settings))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        measure, threshold = data.get("engagement_measure"), data.get("engagement_from")
        if measure and threshold is None and "engagement_from" not in self.errors:
            self.add_error("engagement_from", gettext("Enter from which value on it counts."))
        if threshold is not None and not measure and "engagement_measure" not in self.errors:
            self.add_error("engagement_measure", gettext("Choose the measure that this is of."))
        return data

    def wanted(self) -> MetricSettings:
        data, settings = self.cleaned_data, self.settings
        settings.onboarding_days = data["onboarding_days"]
        settings.margin = data["margin"] / PERCENT
        settings.discount = data["discount"] / PERCENT
        settings.engagement_measure = data["engagement_measure"]
        settings.engagement_from = data["engagement_from"]
        return settings


def _shown(settings: MetricSettings) -> dict[str, Any]:
    return {
        "onboarding_days": settings.onboarding_days,
        "margin": plain_number(settings.margin * PERCENT),
        "discount": plain_number(settings.discount * PERCENT),
        "engagement_measure": settings.engagement_measure,
        "engagement_from": plain_number(settings.engagement_from),
    }
