"""How far the data tells of customers."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from accounts.models import Customer, Measure
from analytics.queries.customers.known import churn_told_until
from analytics.queries.customers.table import last_known_month
from analytics.queries.database.clock import day_of
from surveys.models import Response


def last_known_day(*, today: dt.date) -> dt.date:
    """The last day that the data tells of: what came after it is not known, not survived."""
    edges = Customer.objects.aggregate(Max("started_on"), Max("churned_on"))
    answered = Response.objects.aggregate(last=Max("answered_at"))["last"]
    used = Measure.objects.aggregate(last=Max("last_day"))["last"]
    known = [*edges.values(), last_known_month(), used, day_of(answered) if answered else None]
    last = min(today, max((day for day in known if day is not None), default=today))
    # Who left after the latest file that tells of it is not known, whatever else is.
    told = churn_told_until()
    return last if told is None else min(last, told)
