"""What was expected of each band, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F

from analytics.models import HealthForecast, HealthScore


@dataclass(frozen=True, slots=True)
class Graded:
    day: dt.date
    band: str
    horizon_days: int
    customers: int
    # None: too few had left by then to expect anything.
    expected: float | None
    # None: the horizon is not over.
    left: int | None


def graded_forecasts(*, until: dt.date, at_most: int = 60) -> list[Graded]:
    """The newest first; `until` is the last day of which it is known who left."""
    rows = list(HealthForecast.objects.order_by("-day", "formula", "pk")[:at_most])
    return [_graded(row, until=until) for row in rows]


def _graded(row: HealthForecast, *, until: dt.date) -> Graded:
    end = row.day + dt.timedelta(days=row.horizon_days)
    left = None
    if end <= until:
        said = HealthScore.objects.filter(day=row.day, formula=row.formula_id, band=row.band)
        gone = said.filter(
            customer__churned_on__gt=F("day"), customer__churned_on__lte=end
        ).aggregate(number=Count("pk"))
        left = int(gone["number"])
    return Graded(row.day, row.band, row.horizon_days, row.customers, row.expected, left)
