"""Formulas and scored customers for the tests of pages and commands, made in one line each."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from accounts.models import Customer
from analytics.models import HealthFormula
from analytics.services.health.formulas import publish_formula, save_formula
from analytics.services.health.scoring import score_health
from surveys.models import Campaign
from tests.analytics import world
from tests.analytics.domain.health.formulas.made import standard

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 21)
MEASURES = [
    {"key": "voice", "source": "nps_last", "points": [[0, 0], [10, 100]], "weight": 60},
    {"key": "money", "source": "mrr", "points": [[0, 0], [100, 100]], "weight": 40},
]


def definition(**changes: Any) -> dict[str, Any]:
    return standard(**({"measures": copy.deepcopy(MEASURES), "applies_to": None} | changes))


def publish(**changes: Any) -> HealthFormula:
    row = save_formula(definition(**changes), by=None, now=NOW).row
    publish_formula(row, by=None, now=NOW)
    return row


def make_scored(score: int, **fields: Any) -> Customer:
    """A customer that answered three weeks ago and pays 50."""
    given = {"started_on": dt.date(2024, 1, 1), "mrr": {"2026-10": 50}} | fields
    customer = world.make_customer(**given)
    answered(customer, score, day=f"{NOW - dt.timedelta(days=21):%Y-%m-%d}")
    return customer


def answered(customer: Customer, score: int, *, day: str, **fields: Any) -> None:
    """By a new respondent, who was asked an hour before."""
    campaign = Campaign.objects.first() or world.make_campaign()
    asked = world.ask(world.make_respondent(customer), campaign, sent=f"{day}T02:00+00:00")
    world.answer(asked, score, at=f"{day}T03:00+00:00", **fields)


def tick(day: dt.date = DAY, *, today: dt.date | None = None) -> int:
    return score_health(day, today=today or day + dt.timedelta(days=1))
