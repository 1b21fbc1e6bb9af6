from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.domain.targets import Metric
from accounts.forms.staff import CrispyForm
from accounts.queries.targets import known_targets

LABELS = {
    Metric.NPS: _("NPS, at least"),
    Metric.RESPONSE_RATE: _("Response rate in %, at least"),
    Metric.CUSTOMER_CHURN_RATE: _("Customer churn in %, at most"),
    Metric.NRR: _("NRR in %, at least"),
    Metric.GRR: _("GRR in %, at least"),
    Metric.CSAT: _("CSAT in %, at least"),
}
PERCENT = 100


class TargetsForm(CrispyForm):
    """One field a figure, in points or per cent; an empty one is no target."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        targets = known_targets()
        for metric in Metric:
            scale = PERCENT if metric.is_rate else 1
            low, high = metric.limits
            value = targets.get(metric)
            self.fields[metric.value] = forms.DecimalField(
                label=LABELS[metric],
                required=False,
                min_value=low * scale,
                max_value=high * scale,
                decimal_places=1,
                initial=None if value is None else _shown(value * scale),
                widget=forms.NumberInput({"step": "0.1", "inputmode": "decimal"}),
            )

    def wanted(self) -> dict[Metric, Decimal | None]:
        """In the unit of the reports."""
        found: dict[Metric, Decimal | None] = {}
        for metric in Metric:
            value = self.cleaned_data[metric.value]
            found[metric] = value / PERCENT if metric.is_rate and value is not None else value
        return found


def _shown(value: Decimal) -> str:
    return f"{value.normalize():f}"
