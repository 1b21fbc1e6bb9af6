"""Whether a month of revenue looks as if a part of its file had been cut off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from django.db.models import QuerySet

from accounts.domain.money import looks_incomplete
from accounts.models import Customer, MonthlyRevenue
from common.caching.cached import cached

# So many files in a row may have been cut in the same way.
MOST_CUT = 3


def month_looks_incomplete(month: dt.date) -> bool:
    """By its first day, as reports mark it."""
    before = (month - dt.timedelta(days=1)).replace(day=1)
    end = _next(month)
    paid = MonthlyRevenue.objects.filter(month=before).exclude(mrr=0)
    there = MonthlyRevenue.objects.filter(month=month)
    customers = Customer.objects.filter(pk__in=paid.values("customer"))
    missing = customers.exclude(pk__in=there.values("customer")).exclude(churned_on__lt=end)
    return looks_incomplete(customers.count(), missing=missing.count())


def looks_incomplete_for_sending(month: dt.date) -> bool:
    """For what asks once in every few e-mails: all rows are counted at most once a minute."""
    key = f"revenue-incomplete-{month}"
    return cached(key, lambda: month_looks_incomplete(month), fresh=60, oldest=60)


def not_told(
    customers: Collection[int] | QuerySet[Any, Any],
    month: dt.date,
    *,
    is_incomplete: Callable[[dt.date], bool] = month_looks_incomplete,
) -> set[int]:
    """Of customers (ids, or a query of them) without a row in a month: whose row its file lost.

    They paid when they last had a row, and the first month without one looks incomplete; who left
    by the end of the month is not among them.
    """
    end, before = _next(month), [month]
    for _ in range(MOST_CUT):
        before.append((before[-1] - dt.timedelta(days=1)).replace(day=1))
    rows = MonthlyRevenue.objects.filter(customer__in=customers, month__in=before[1:])
    last = {
        pk: (_next(at), mrr, gone)
        for pk, at, mrr, gone in rows.order_by("month", "mrr").values_list(
            "customer_id", "month", "mrr", "customer__churned_on"
        )
    }
    lost = {
        pk: first
        for pk, (first, mrr, gone) in last.items()
        if mrr and (gone is None or gone >= end)
    }
    cut = {first for first in set(lost.values()) if is_incomplete(first)}
    return {pk for pk, first in lost.items() if first in cut}


def _next(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1)
