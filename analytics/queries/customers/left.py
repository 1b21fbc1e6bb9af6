"""Customers that left, with what was known of them on the day before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd
from django.db.models import OuterRef, Subquery

from accounts.models import Customer
from analytics.domain.answers.scores import categories_of
from analytics.domain.customers.follow_up import NO_ANSWER
from analytics.domain.customers.revenue import month_numbers
from analytics.domain.periods import Period
from analytics.models import HealthScore
from surveys.models import Response

COLUMNS = ["customer", "churned_on", "reason", "band", "score"]


def read_left(
    period: Period,
    *,
    today: dt.date,
    revenue: pd.DataFrame,
    accounts: Sequence[int] | None = None,
) -> pd.DataFrame:
    """By customer `reason`, `mrr` (of the last month-end with any; NaN: unknown), `group`, `band`.

    Of all that left in the days of the period that have come. `revenue`: of all months, see
    `read_revenue`; `accounts`: only of these customers.
    """
    last = min(period.last_day, today)
    rows = Customer.objects.filter(churned_on__gte=period.start, churned_on__lte=last)
    if accounts is not None:
        rows = rows.filter(pk__in=accounts)
    found = rows.annotate(band=_last_band(), last_score=_last_score()).order_by()
    values = found.values_list("pk", "churned_on", "churn_reason", "band", "last_score")
    left = pd.DataFrame.from_records(list(values), columns=COLUMNS, index="customer")
    scores = pd.to_numeric(left["score"])
    groups = pd.Series(NO_ANSWER, index=left.index, dtype=object)
    groups[scores.notna()] = categories_of(scores.dropna())
    return pd.DataFrame(
        {
            "reason": left["reason"],
            "mrr": _last_mrr(left, revenue),
            "group": groups,
            "band": left["band"].fillna(""),
        }
    )


def _last_band() -> Subquery:
    """As it was said before they left; the nights of long ago are thinned out."""
    rows = HealthScore.objects.filter(customer=OuterRef("pk"), day__lt=OuterRef("churned_on"))
    return Subquery(rows.order_by("-day").values("band")[:1])


def _last_score() -> Subquery:
    rows = Response.objects.counted().filter(
        invitation__respondent__customer=OuterRef("pk"),
        answered_at__date__lt=OuterRef("churned_on"),
    )
    return Subquery(rows.order_by("-answered_at", "-pk").values("score")[:1])


def _last_mrr(left: pd.DataFrame, revenue: pd.DataFrame) -> pd.Series:
    """0 for whoever never paid."""
    rows = revenue[revenue["customer"].isin(left.index) & ~(revenue["mrr"] <= 0)]
    churned = month_numbers(left["churned_on"]).reindex(rows["customer"]).to_numpy(dtype=np.float64)
    rows = rows[month_numbers(rows["month"]).to_numpy() < churned].sort_values("month")
    last = rows.drop_duplicates("customer", keep="last").set_index("customer")["mrr"]
    return last.reindex(left.index.difference(last.index), fill_value=0.0).combine_first(last)
