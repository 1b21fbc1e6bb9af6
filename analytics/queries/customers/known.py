"""What imports have told of, and of which days."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from django.db.models import Max, Min

from accounts.models import Customer, ImportedFact, MonthlyRevenue
from analytics.domain.customers.known import Knowledge, Known, churn_known_since, revenue_known


def knowledge(dates: pd.DataFrame, *, today: dt.date | None = None) -> Knowledge:
    """From `started_on` and `churned_on` of all customers, as CustomerTable has them."""
    return Knowledge(
        churn_known(dates),
        revenue_known(*_months_of_revenue()),
        starts=bool(dates["started_on"].notna().any()) or dates.empty,
        today=today,
    )


def churn_known(dates: pd.DataFrame) -> Known | None:
    """Never: no file had the column, and nobody has a date all the same."""
    first, latest = _told_of_churn()
    if latest is None and not dates["churned_on"].notna().any():
        return None
    return Known(churn_known_since(dates, told_since=first, until=latest), latest)


def knows_who_left() -> bool:
    """At all, of any day: by a file that had the column, or by a date."""
    if churn_told_until() is not None:
        return True
    return Customer.objects.filter(churned_on__isnull=False).exists()


def churn_told_until() -> dt.date | None:
    """The day of the latest file that told who left."""
    return _told_of_churn()[1]


def _told_of_churn() -> tuple[dt.date | None, dt.date | None]:
    told = ImportedFact.objects.filter(fact=ImportedFact.Fact.CHURN)
    return told.values_list("first_on", "last_on").first() or (None, None)


def _months_of_revenue() -> tuple[dt.date | None, dt.date | None]:
    """Of the first and the last: an index finds each, and both at once only PostgreSQL's."""
    rows = MonthlyRevenue.objects.order_by()
    first = rows.aggregate(first=Min("month"))["first"]
    return first, rows.aggregate(last=Max("month"))["last"]
