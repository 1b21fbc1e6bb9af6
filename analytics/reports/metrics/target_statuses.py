"""What is said of each target on a day: from the weeks that end with it, as known then."""

from __future__ import annotations

import datetime as dt

from accounts.queries.targets import known_targets
from analytics.domain.metrics.catalogue import BY_KEY
from analytics.domain.metrics.said import SPAN, Said
from analytics.domain.periods import ONE_DAY, Period
from analytics.queries.filters import Filters
from analytics.reports.metrics.report import metric_report


def said_of_targets(day: dt.date) -> list[Said]:
    keys = [key for key in known_targets() if key in BY_KEY]
    if not keys:
        return []
    filters = Filters(Period.from_inclusive(day - SPAN + ONE_DAY, day), today=day + ONE_DAY)
    rows = metric_report(filters, today=day + ONE_DAY, keys=keys).rows
    return [
        Said(day, row.metric, row.target, row.value, row.status or "")
        for row in rows
        if row.target is not None
    ]
