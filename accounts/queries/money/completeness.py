"""Whether a month of revenue looks as if a part of its file had been cut off."""

from __future__ import annotations

import datetime as dt

from accounts.domain.money import looks_incomplete
from accounts.models import Customer, MonthlyRevenue


def month_looks_incomplete(month: dt.date) -> bool:
    """By its first day, as reports mark it."""
    before = (month - dt.timedelta(days=1)).replace(day=1)
    end = (month + dt.timedelta(days=31)).replace(day=1)
    paid = MonthlyRevenue.objects.filter(month=before).exclude(mrr=0)
    there = MonthlyRevenue.objects.filter(month=month)
    customers = Customer.objects.filter(pk__in=paid.values("customer"))
    missing = customers.exclude(pk__in=there.values("customer")).exclude(churned_on__lt=end)
    return looks_incomplete(customers.count(), missing=missing.count())
