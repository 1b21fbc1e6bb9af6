"""Scores of nights long past are taken away, all of a day at once: what is left is whole."""

from __future__ import annotations

import datetime as dt

from analytics.domain.health.kept import is_kept
from analytics.models import HealthForecast, HealthScore


def thin_scores(*, today: dt.date) -> int:
    """How many days went."""
    forecasts = set(HealthForecast.objects.values_list("day", flat=True))
    days = HealthScore.objects.order_by("day").values_list("day", flat=True).distinct()
    gone = [day for day in days if not is_kept(day, today=today, forecasts=forecasts)]
    for day in gone:
        HealthScore.objects.filter(day=day).delete()
    return len(gone)
