"""Customers that were asked in a window, with their first answer and what is known of their end.

Of a million answers only those of the first weeks are looked at: the kept counts say on which day
a customer's first asking was, and until when nearly all of them had answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import F, Min, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from numpy.typing import NDArray

from accounts.models import Customer
from analytics.counting.cells.answers import Answers, Change, known_customers, read_answers
from analytics.counting.cells.invitations import count_invitations
from analytics.counting.last_answers import EVER
from analytics.domain.answers.cells import UNKNOWN_CUSTOMER
from analytics.domain.periods import ONE_DAY, Period
from analytics.queries.customers.table import account_ids, last_known_month, read_revenue
from analytics.queries.database.clock import bounds, day_of
from analytics.queries.database.columns import day_of_number, number_of_day
from analytics.queries.database.snapshot import one_snapshot
from surveys.domain.states import ASKED
from surveys.models import Invitation

# By then so many of those who answered had done so for the first time.
MOST = 0.9
# A list of more is slower to send than the rows are to read.
NAMED = 5_000


@one_snapshot()
def read_asked_customers(window: Period, *, owner: str = "") -> pd.DataFrame:
    """By customer: name, first_invited_on, churned_on, first_answered_on, first_score, mrr.

    The last is 0 where nothing is paid, and missing where the amount has no exchange rate.
    `owner`: only the accounts of the CS member with this address.
    """
    answers = read_answers([EVER])
    asked = _first_asked(window, unfolded=answers.unfolded)
    frame = _named(asked.index).join(asked).join(_first_answers(window, answers))
    if owner:
        frame = frame[frame.index.isin(account_ids(owner))]
    latest = last_known_month()
    mrr = read_revenue([latest] if latest else []).set_index("customer")["mrr"]
    return frame.assign(mrr=mrr.reindex(frame.index, fill_value=0.0))


def _first_asked(window: Period, *, unfolded: Iterable[Change]) -> pd.Series:
    _, rows = count_invitations([window], unfolded=unfolded, tells_days=True)
    rows = rows.chosen(rows.invited > 0)
    first = _earliest(known_customers(rows.customers), rows.days.astype(np.int64))
    undated = _in_window(window).filter(sent_at=None).values_list("respondent__customer")
    for customer, moment in undated.annotate(first=Min("response__answered_at")).order_by():
        day = number_of_day(day_of(moment))
        first[customer] = min(day, first.get(customer, day))
    days = {customer: day_of_number(day) for customer, day in first.items()}
    return pd.Series(days, name="first_invited_on", dtype=object).rename_axis("customer")


def _first_answers(window: Period, answers: Answers) -> pd.DataFrame:
    # Of a mail that is answered at once, the answer may be known before the mail is settled.
    since = window.start - ONE_DAY
    known = _earliest_answers(answers, since=since)
    if not known:
        return _first_of(Invitation.objects.none())
    until = day_of_number(int(np.quantile(list(known.values()), MOST)))
    start, end = bounds(Period(since, until + ONE_DAY))
    found = _in_window(window).filter(response__suspect=False)
    early = _first_of(found.filter(response__answered_at__gte=start, response__answered_at__lt=end))
    rest = known.keys() - set(early.index)
    if not rest:
        return early
    found = found.filter(response__answered_at__gte=end)
    if len(rest) <= NAMED:
        found = found.filter(respondent__customer__in=rest)
    late = _first_of(found)
    return pd.concat([early, late[~late.index.isin(early.index)]])


def _earliest_answers(answers: Answers, *, since: dt.date) -> dict[int, int]:
    """By customer the number of the first day since then with an answer, to whatever mail."""
    months = answers.cells(Period(since, EVER.end))
    if not months:
        return {}
    customers = known_customers(np.concatenate([cells.customers for _, cells in months]))
    days = [number_of_day(month) + cells.days.astype(np.int64) - 1 for month, cells in months]
    return _earliest(customers, np.concatenate(days))


def _earliest(customers: NDArray[np.int64], days: NDArray[np.int64]) -> dict[int, int]:
    """By customer its smallest number; whose customer is not known is left out."""
    if not len(customers):
        return {}
    never = np.iinfo(np.int64).max
    first = np.full(int(customers.max()) + 1, never, dtype=np.int64)
    np.minimum.at(first, customers, days)
    first[UNKNOWN_CUSTOMER] = never
    [known] = np.nonzero(first < never)
    return dict(zip(known.tolist(), first[known].tolist(), strict=True))


def _in_window(window: Period) -> QuerySet[Invitation]:
    first, end = bounds(window)
    return Invitation.objects.filter(
        Q(sent_at__gte=first, sent_at__lt=end)
        | Q(sent_at=None, response__answered_at__gte=first, response__answered_at__lt=end),
        state__in=ASKED,
        respondent__customer__isnull=False,
    )


def _first_of(found: QuerySet[Invitation]) -> pd.DataFrame:
    """By customer: first_answered_on, first_score."""
    order = [F("response__answered_at"), F("response__pk")]
    place = Window(RowNumber(), partition_by=F("respondent__customer"), order_by=order)
    rows: QuerySet[Any, Any] = found.annotate(place=place).filter(place=1).order_by()
    fields = ("respondent__customer", "response__answered_at", "response__score")
    read = [(pk, day_of(at), score) for pk, at, score in rows.values_list(*fields)]
    columns = ["customer", "first_answered_on", "first_score"]
    return pd.DataFrame.from_records(read, columns=columns, index="customer")


def _named(customers: pd.Index) -> pd.DataFrame:
    rows = Customer.objects.order_by().values_list("pk", "customer_id", "name", "churned_on")
    columns = ["customer", "customer_id", "name", "churned_on"]
    frame = pd.DataFrame.from_records(list(rows), columns=columns, index="customer")
    return frame[frame.index.isin(customers)]
