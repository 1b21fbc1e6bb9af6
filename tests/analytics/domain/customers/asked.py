"""Customers that were asked, with their answer and their end, and what became of them."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pandas as pd

from analytics.domain.customers.follow_up import LANDMARK_DAYS
from analytics.domain.customers.outcomes import outcomes

INVITED = date(2025, 1, 1)
LANDMARK = INVITED + timedelta(days=LANDMARK_DAYS)
LAST_KNOWN = LANDMARK + timedelta(days=365)


def row(score=None, *, answered=5, churned=None, invited=INVITED, mrr=100.0):
    """`answered` and `churned` in days after the invitation."""
    return {
        "first_invited_on": invited,
        "churned_on": None if churned is None else invited + timedelta(days=churned),
        "first_answered_on": None if score is None else invited + timedelta(days=answered),
        "first_score": math.nan if score is None else score,
        "mrr": mrr,
    }


def frame(*rows):
    days = ["first_invited_on", "churned_on", "first_answered_on"]
    table = pd.DataFrame(rows, columns=[*days, "first_score", "mrr"])
    return table.assign(**{name: pd.to_datetime(table[name]) for name in days})


def report(*rows, horizon_days=180, last_known=LAST_KNOWN):
    return outcomes(frame(*rows), last_known=last_known, horizon_days=horizon_days)


def leaving(count, score, *, first=31, step=1):
    return [row(score, churned=first + step * place) for place in range(count)]
