from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset
from django import forms
from django.utils.translation import gettext as _

from accounts.forms.access.staff import CrispyForm
from accounts.queries.targets import known_targets
from analytics.domain.metrics.catalogue import CATALOGUE, Group, Metric, Unit
from analytics.labels.metrics import GROUP_LABELS, UNIT_LABELS
from common.text import plain_number
from surveys.forms.steps.layout import helper

PERCENT = 100


class TargetsForm(CrispyForm):
    """One field a metric, shares in per cent; an empty one is no target."""

    def __init__(self, data: Any = None, *, currency: str = "") -> None:
        super().__init__(data)
        targets = known_targets()
        for metric in CATALOGUE:
            self.fields[metric.key] = _field(metric, targets, currency=currency)

    @property
    def helper(self) -> FormHelper:
        """By what the metrics are about, as their page has them."""
        keys = {group: [each.key for each in CATALOGUE if each.group is group] for group in Group}
        return helper(
            *(
                Fieldset(GROUP_LABELS[group], Div(*found, css_class="form-columns"))
                for group, found in keys.items()
            )
        )

    def wanted(self) -> dict[str, Decimal | None]:
        """In the unit of the reports."""
        found: dict[str, Decimal | None] = {}
        for metric in CATALOGUE:
            value = self.cleaned_data[metric.key]
            found[metric.key] = None if value is None else value / scale_of(metric)
        return found


def _field(metric: Metric, targets: Mapping[str, Decimal], *, currency: str) -> forms.DecimalField:
    low, high = metric.limits
    value = targets.get(metric.key)
    said = {
        "metric": _(metric.name),
        "unit": currency if metric.unit is Unit.MONEY else UNIT_LABELS[metric.written_as],
    }
    label = (
        _("%(metric)s (%(unit)s, at most)")
        if metric.at_most
        else _("%(metric)s (%(unit)s, at least)")
    )
    return forms.DecimalField(
        label=label % said,
        required=False,
        min_value=low * scale_of(metric),
        max_value=high * scale_of(metric),
        decimal_places=1,
        initial=None if value is None else plain_number(value * scale_of(metric)),
        widget=forms.NumberInput({"step": "0.1", "inputmode": "decimal"}),
    )


def scale_of(metric: Metric) -> int:
    """What is entered of a metric for one of its unit: shares in per cent."""
    return PERCENT if metric.unit is Unit.SHARE else 1
