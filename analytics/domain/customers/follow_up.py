"""Whom outcomes follow, from when, until when, and in which group.

The landmark rule: a customer belongs to a group by what was known `LANDMARK_DAYS` after its first
invitation, and is followed from that day on. Nobody's past survival counts for their group, and an
answer given later cannot choose it.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pandas as pd

from analytics.domain.answers.scores import categories_of
from surveys.domain.answers.scoring import Category

LANDMARK_DAYS = 30
MIN_CHURNED = 5
MIN_AT_RISK = 10

PROMOTER, NO_ANSWER = str(Category.PROMOTER), "no_answer"
ANSWERING_GROUPS = (PROMOTER, str(Category.PASSIVE), str(Category.DETRACTOR))
GROUPS = (*ANSWERING_GROUPS, NO_ANSWER)


class LeftOut(NamedTuple):
    """Customers that were asked and stand in no group."""

    gone_by_landmark: int
    landmark_to_come: int


def follow_up(customers: pd.DataFrame, *, last_known: date) -> pd.DataFrame:
    """One row per customer in the study: `group`, `days`, `churned`, `observable_days`, `mrr`.

    `customers` has `first_invited_on`, `churned_on`, `first_answered_on` and `first_score`, with
    NaT or NaN for none, and `mrr` at the last snapshot, NaN where it is not known; the index is
    kept.

    1. The landmark is LANDMARK_DAYS after the first invitation. It must have come by `last_known`,
       and the customer must still be active on it.
    2. An answer after the landmark does not choose the group: that customer is in `no_answer`.
    3. Follow-up runs from the landmark to churn, or is censored at `last_known`.
    """
    last = pd.Timestamp(last_known)
    landmark, churned_on = _landmarks(customers), pd.to_datetime(customers["churned_on"])
    chosen = (landmark <= last) & ~(churned_on <= landmark)
    customers, landmark, churned_on = customers[chosen], landmark[chosen], churned_on[chosen]
    churned = churned_on <= last
    return pd.DataFrame(
        {
            "group": _groups(customers, landmark=landmark),
            "days": (churned_on.where(churned, last) - landmark).dt.days,
            "churned": churned,
            "observable_days": (last - landmark).dt.days,
            "mrr": customers["mrr"].astype(float),
        },
        index=customers.index,
    )


def left_out(customers: pd.DataFrame, *, last_known: date) -> LeftOut:
    """Those whom `follow_up` leaves out, by the reason; who is gone already waits for no landmark.

    Known to be gone are those who left by `last_known`.
    """
    last = pd.Timestamp(last_known)
    landmark, churned_on = _landmarks(customers), pd.to_datetime(customers["churned_on"])
    gone = (churned_on <= landmark) & (churned_on <= last)
    return LeftOut(int(gone.sum()), int((~gone & (landmark > last)).sum()))


def _landmarks(customers: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(customers["first_invited_on"]) + pd.Timedelta(days=LANDMARK_DAYS)


def _groups(customers: pd.DataFrame, *, landmark: pd.Series) -> pd.Series:
    answered_on = pd.to_datetime(customers["first_answered_on"])
    in_time = (answered_on <= landmark) & customers["first_score"].notna()
    groups = pd.Series(NO_ANSWER, index=customers.index, dtype=object)
    groups[in_time] = categories_of(customers.loc[in_time, "first_score"])
    return groups
