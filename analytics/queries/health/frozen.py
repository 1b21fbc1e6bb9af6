"""The scores of customers that have left: those of the day before they did."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from accounts.models import Customer
from analytics.domain.health.scoring import Scores
from analytics.domain.periods import ONE_DAY
from analytics.queries.health.scores import (
    DayScores,
    FormulaScores,
    live_scores_of,
    stored_scores_on,
)

# Further back one looks at the customer's own page, or at a report of then.
SHOWN_FOR = dt.timedelta(days=92)


def frozen_scores(found: DayScores) -> tuple[FormulaScores, ...]:
    """Of those that left within three months before the day."""
    rows = Customer.objects.filter(
        churned_on__lte=found.day, churned_on__gt=found.day - SHOWN_FOR
    ).order_by("churned_on")
    by_day: dict[dt.date, list[int]] = {}
    for pk, churned_on in rows.values_list("pk", "churned_on"):
        if churned_on is not None:
            by_day.setdefault(churned_on - ONE_DAY, []).append(pk)
    known = {day: stored_scores_on(day, customers=pks) for day, pks in by_day.items()}
    # The facts of all days of which nothing is stored are read at once.
    missing = [day for day, scores in known.items() if scores is None]
    live = live_scores_of(missing, versions=found.versions) if missing else ()
    days = [*(each for each in known.values() if each is not None), *live]
    return tuple(
        part
        for scores in days
        for each in scores.parts
        if len((part := _only(each, by_day[scores.day])).customers)
    )


def _only(part: FormulaScores, pks: list[int]) -> FormulaScores:
    chosen = np.isin(part.customers, pks)
    old = part.scores
    scores = Scores(
        old.formula,
        old.values[chosen],
        old.points[chosen],
        old.too_new[chosen],
        {reason: flags[chosen] for reason, flags in old.capped.items()},
    )
    return replace(part, customers=part.customers[chosen], scores=scores)
