"""Who stands in another band of health than the day before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from analytics.domain.periods import ONE_DAY
from analytics.models import HealthOverride, HealthScore
from analytics.queries.health.standing import last_scored_day


class BandChange(NamedTuple):
    customer: int
    before: str
    after: str


def bands_changed(day: dt.date, *, today: dt.date) -> Iterator[BandChange]:
    """Held against the last day before that has scores; who is new has changed nothing."""
    earlier = last_scored_day(until=day - ONE_DAY)
    if earlier is None:
        return
    before, after = _bands(earlier, today - (day - earlier)), _bands(day, today)
    for customer, band in sorted(after.items()):
        if customer in before and before[customer] != band:
            yield BandChange(customer, before[customer], band)


def band_of(customer: int, *, today: dt.date) -> str:
    """As computed last: what stood before somebody set it by hand."""
    if (day := last_scored_day(until=today)) is None:
        return ""
    rows = HealthScore.objects.filter(customer=customer, day=day)
    return rows.values_list("band", flat=True).first() or ""


def _bands(day: dt.date, seen_on: dt.date) -> dict[int, str]:
    """The band set by hand comes before the computed one."""
    rows = dict(HealthScore.objects.filter(day=day).values_list("customer_id", "band"))
    by_hand = HealthOverride.objects.active_on(seen_on).values_list("customer_id", "band")
    return rows | {customer: band for customer, band in by_hand if customer in rows}
