"""Goals for tests: ours begins with April and is of a share that events tell of."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from accounts.models import Dimension
from actions.models import Goal, Improvement

FIRST, LAST = dt.date(2026, 4, 1), dt.date(2027, 3, 30)
NOW = dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC)


def goal_of(**fields: Any) -> Goal:
    """Not saved yet."""
    usual = {
        "name": "Referrals", "metric": "referral_rate", "first_day": FIRST, "last_day": LAST,
        "start": 0.2, "target": 0.4, "window_days": 91,
    }  # fmt: skip
    return Goal(**{**usual, **fields})


def make_goal(**fields: Any) -> Goal:
    goal = goal_of(created_at=NOW, **fields)
    goal.save()
    return goal


def make_improvement(dimension: Dimension, **fields: Any) -> Improvement:
    usual = {
        "name": "Referral gifts", "hypothesis": "Who gets a gift tells others.",
        "metric": "referral_rate", "value": "gold", "began_on": FIRST, "created_at": NOW,
    }  # fmt: skip
    return Improvement.objects.create(dimension=dimension, **{**usual, **fields})


def make_target(metric: str, value: float | str | Decimal) -> Goal:
    """A goal of all customers that holds without an end."""
    return Goal.objects.create(
        metric=metric,
        first_day=FIRST,
        start=float(value),
        target=float(value),
        created_at=NOW,
    )
