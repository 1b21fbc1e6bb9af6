"""Customers that were asked in a window, with their first answer and what is known of their end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from django.db.models import F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from accounts.models import Customer, Measure
from accounts.queries.customers.owners import accounts_of
from analytics.domain.periods import Period
from analytics.queries.customers.known import churn_told_until
from analytics.queries.customers.table import last_known_month, read_revenue
from analytics.queries.database.clock import bounds, day_of
from surveys.domain.states import ASKED
from surveys.models import Invitation, Response

ASKED_AT = Coalesce("sent_at", "response__answered_at")


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


def read_asked_customers(window: Period, *, owner: str = "") -> pd.DataFrame:
    """By customer: name, first_invited_on, churned_on, first_answered_on, first_score, mrr.

    The last is 0 where nothing is paid, and missing where the amount has no exchange rate.
    `owner`: only the accounts of the CS member with this address.
    """
    asked = _asked(window, owner=owner)
    invited = pd.DataFrame.from_records(
        list(asked.values_list("respondent__customer").annotate(first=Min("asked_at")).order_by()),
        columns=["customer", "first_invited_on"],
        index="customer",
    )
    frame = _named(invited.index).join(_days(invited)).join(_days(_first_answers(asked)))
    latest = last_known_month()
    mrr = read_revenue([latest] if latest else []).set_index("customer")["mrr"]
    return frame.assign(mrr=mrr.reindex(frame.index, fill_value=0.0))


def _asked(window: Period, *, owner: str) -> QuerySet[Invitation]:
    first, end = bounds(window)
    found = Invitation.objects.filter(
        # An index finds the sent ones; those of an import without a date are few.
        Q(sent_at__gte=first, sent_at__lt=end)
        | Q(sent_at=None, response__answered_at__gte=first, response__answered_at__lt=end),
        state__in=ASKED,
        respondent__customer__isnull=False,
    )
    if owner:
        found = found.filter(respondent__customer__in=accounts_of(owner))
    return found.annotate(asked_at=ASKED_AT)


def _first_answers(asked: QuerySet[Invitation]) -> pd.DataFrame:
    rows: QuerySet[Any, Any] = (
        asked.filter(response__suspect=False)
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=F("respondent__customer"),
                order_by=[F("response__answered_at"), F("response__pk")],
            )
        )
        .filter(place=1)
        .values_list("respondent__customer", "response__answered_at", "response__score")
        .order_by()
    )
    columns = ["customer", "first_answered_on", "first_score"]
    return pd.DataFrame.from_records(list(rows), columns=columns, index="customer")


def _named(customers: pd.Index) -> pd.DataFrame:
    rows = Customer.objects.order_by().values_list("pk", "customer_id", "name", "churned_on")
    columns = ["customer", "customer_id", "name", "churned_on"]
    frame = pd.DataFrame.from_records(list(rows), columns=columns, index="customer")
    return frame[frame.index.isin(customers)]


def _days(frame: pd.DataFrame) -> pd.DataFrame:
    """The organisation's days in place of moments."""
    return frame.assign(
        **{
            name: [day_of(moment) for moment in frame[name]]
            for name in frame.columns
            if name.endswith("_on")
        }
    )
