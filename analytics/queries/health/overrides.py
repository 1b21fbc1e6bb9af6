"""Bands that somebody set by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from analytics.models import HealthOverride


def bands_set_by_hand(customers: Iterable[int], *, on: dt.date) -> dict[int, str]:
    rows = HealthOverride.objects.active_on(on).filter(customer__in=customers)
    return dict(rows.values_list("customer_id", "band"))


def override_of(customer: int, *, on: dt.date) -> HealthOverride | None:
    rows = HealthOverride.objects.active_on(on).filter(customer=customer)
    return rows.select_related("created_by").first()
