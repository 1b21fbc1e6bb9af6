from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Respondent
from analytics.counting.cells import folding
from tests.analytics import world
from tests.staffing import client_as


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """The overview keeps its figures for a while: not from one test to the next."""
    cache.clear()


@pytest.fixture
def viewer(db: None) -> Client:
    return client_as("viewer")


@pytest.fixture
def today(monkeypatch) -> None:
    """A Sunday in the middle of a quarter, of a month, and of a fiscal year."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: dt.date(2026, 11, 22))


@pytest.fixture
def gold_customers(db: None) -> None:
    """A dozen, asked in November, with the revenue of a year; one leaves in December."""
    world.make_dimension("plan", label="Plan")
    mrr = {"2025-09": 90, "2025-10": 100, "2026-09": 120, "2026-10": 90}
    for place in range(12):
        customer = world.make_customer(
            plan="gold",
            started_on=dt.date(2024, 1, 1),
            churned_on=dt.date(2026, 12, 5) if place == 0 else None,
            mrr=mrr,
        )
        moment = "2026-11-10T12:00+00:00"
        world.give_scores(customer, world.make_campaign(), 9, 3, sent=moment, at=moment)


@pytest.fixture
def three_plans(db: None) -> None:
    """One of promoters, one of detractors whose name a spreadsheet would run, and a small one."""
    world.make_dimension("plan", label="Plan")
    world.make_dimension("role", source="respondent")
    campaign = world.make_campaign(slug="spring")
    for plan, scores in (("gold", [10] * 11 + [0]), ("-tin", [0] * 10 + [10]), ("few", [8])):
        mrr = {"2026-03": 90, "2026-06": 80}
        customer = {"plan": plan, "name": plan, "started_on": "2026-01-01", "mrr": mrr}
        world.give_scores_apart(campaign, *scores, customer=customer, role="Buyer")
    folding.fold_all()


@pytest.fixture
def kept_cells(db: None) -> None:
    """Two folded answers, one of them by somebody whose customer is known since; and a late one."""
    campaign, customer = world.make_campaign(), world.make_customer()
    world.give_scores(customer, campaign, 9)
    world.give_scores(None, campaign, 3)
    late = world.ask(world.make_respondent(customer), campaign)
    folding.fold_all()
    folding.close_invitations(now=dt.datetime(2026, 6, 1, tzinfo=dt.UTC))
    world.answer(late, 7)
    Respondent.objects.filter(customer=None).update(customer=customer)
