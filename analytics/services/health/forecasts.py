"""What is expected of each band is written down on the day, and never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Count

from analytics.models import HealthForecast, HealthScore

EVERY = dt.timedelta(days=28)
HORIZON_DAYS = 90


def is_due(day: dt.date) -> bool:
    """So far apart that one forecast is graded before the third after it."""
    latest = HealthForecast.objects.order_by("-day").values_list("day", flat=True).first()
    return latest is None or latest + EVERY <= day


def write_forecasts(day: dt.date, *, rates: Mapping[str, float]) -> int:
    """`rates` is the share of each band that left within the horizon, as known by the day."""
    bands = (
        HealthScore.objects.filter(day=day, scored_on__lte=day + dt.timedelta(days=1))
        .exclude(band="")
        .values_list("formula", "band")
        .annotate(number=Count("pk"))
        .order_by("formula", "band")
    )
    rows = [
        HealthForecast(
            day=day,
            formula_id=formula,
            band=band,
            horizon_days=HORIZON_DAYS,
            customers=number,
            expected=rates[band] * number if band in rates else None,
        )
        for formula, band, number in bands
    ]
    HealthForecast.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
