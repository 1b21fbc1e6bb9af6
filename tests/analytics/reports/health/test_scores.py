from __future__ import annotations

import datetime as dt

import pytest

from analytics.models import HealthScore
from analytics.reports.health.errors import NoFormulaError
from analytics.reports.health.scores import health_report
from tests.analytics import world
from tests.analytics.health import DAY, make_scored, publish, tick

pytestmark = pytest.mark.django_db
TODAY = DAY + dt.timedelta(days=1)


def test_a_customer_has_the_fields_of_the_contract() -> None:
    publish()
    customer = make_scored(10)

    found = health_report(DAY, today=TODAY).as_dict()

    assert found["on"] == "2026-11-21"
    (row,) = found["customers"]
    assert row == {
        "customer_id": customer.customer_id, "score": 80, "band": "good", "touch": "tech",
        "known_share": 1, "formula": "Standard", "version": 1, "capped_by": None,
        "parts": [
            {"key": "voice", "value": 10, "points": 100, "weight": 60, "contribution": 60},
            {"key": "money", "value": 50, "points": 50, "weight": 40, "contribution": 20},
        ],
        "state": "scored", "uncapped": 80,
    }  # fmt: skip


def test_what_is_stored_is_what_is_worked_out() -> None:
    publish()
    make_scored(10)
    make_scored(3, mrr={})
    make_scored(3, started_on=DAY)
    live = health_report(DAY, today=TODAY)
    tick()
    stored = health_report(None, today=TODAY)

    assert (live.stored, stored.stored) == (False, True)
    assert live.as_dict() == stored.as_dict()
    assert {row.state for row in stored.customers} == {"scored", "too_new"}


def test_a_customer_that_left_keeps_the_score_of_the_day_before() -> None:
    publish()
    gone = make_scored(10, churned_on=DAY - dt.timedelta(days=5))
    make_scored(0)
    tick()

    rows = {row.customer_id: row for row in health_report(DAY, today=TODAY).customers}

    assert (rows[gone.customer_id].state, rows[gone.customer_id].score) == ("churned", 80)
    assert not HealthScore.objects.filter(customer=gone).exists()
    # And where it was stored, it is that one.
    tick(DAY - dt.timedelta(days=6))
    HealthScore.objects.filter(customer=gone).update(too_new=True)
    again = {row.customer_id: row for row in health_report(DAY, today=TODAY).customers}
    assert again[gone.customer_id].score is None


def test_segments_stand_beside_where_they_are_asked_for() -> None:
    world.make_dimension("plan")
    publish()
    make_scored(10, plan="gold")

    (row,) = health_report(DAY, today=TODAY, by=("plan",)).as_dict()["customers"]

    assert row["segment"] == {"plan": "gold"}


def test_without_a_formula_there_is_nothing_to_report() -> None:
    with pytest.raises(NoFormulaError):
        health_report(DAY, today=TODAY)
