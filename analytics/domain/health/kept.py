"""Which days' scores stay: every night's would be seven million rows a year."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from analytics.domain.periods import last_month_end_on_or_before

# Pages look back 90 days, and as far to the last day of who left.
NIGHTS_KEPT = timedelta(days=100)


def is_kept(day: date, *, today: date, forecasts: Collection[date]) -> bool:
    """Each night's for a while, then those of month-ends; of forecasts as long as they are graded,
    which is always."""
    is_recent = day >= today - NIGHTS_KEPT
    return is_recent or day in forecasts or day == last_month_end_on_or_before(day)
