"""The effect of an improvement, from the metric of those it was for and of all others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Customer, Dimension
from actions.domain.improvements import Result
from actions.models import Improvement
from actions.reports.improvements import COMPARED, compared
from tests.actions.goals import FIRST, make_improvement
from tests.analytics import world
from tests.analytics.metrics import happened, told

pytestmark = pytest.mark.django_db
OVER = FIRST + dt.timedelta(days=91)


@pytest.fixture
def plan() -> Dimension:
    """A hundred on gold, of whom 5 referred somebody before and 60 after; of a hundred others, on
    basic or on nothing known, 10 did before and 15 after."""
    plan = world.make_dimension("plan")
    gold = [made(plan="gold") for _ in range(100)]
    others = [made(plan="basic") if n % 2 else made() for n in range(100)]
    for group, before, after in ((gold, 5, 60), (others, 10, 15)):
        for day, number in (("2026-02-05", before), ("2026-05-05", after)):
            for customer in group[:number]:
                happened(customer, "referred", day)
    told("events:referred")
    happened(others[0], "referred", "2024-06-01")
    return plan


def made(**attributes: str) -> Customer:
    return world.make_customer(started_on=dt.date(2024, 1, 1), **attributes)


def counted(row: Any) -> tuple[Any, ...]:
    return row.numerator, row.denominator


def test_the_effect_is_the_change_here_less_that_of_all_others(plan: Dimension) -> None:
    found = compared(make_improvement(plan), today=OVER)

    assert found is not None
    assert (counted(found.touched), counted(found.untouched)) == ((60, 100), (15, 100))
    assert (found.touched.previous, found.untouched.previous) == (0.05, 0.1)
    assert found.effect is not None
    assert found.effect.value == pytest.approx(0.55 - 0.05)
    assert 0.3 < found.effect.low < 0.5 < found.effect.high < 0.7
    assert found.result is Result.HELPED
    assert found.before.last_day < found.period.start == FIRST


def test_until_its_days_are_over_nothing_is_concluded(plan: Dimension) -> None:
    row = make_improvement(plan)

    assert compared(row, today=FIRST) is None
    so_far = compared(row, today=OVER - dt.timedelta(days=1))
    assert so_far is not None
    assert so_far.result is Result.RUNNING


def test_too_few_and_unknown_tell_nothing(plan: Dimension) -> None:
    few = make_improvement(plan, value="nobody")
    unknown = make_improvement(plan, metric="community_rate")

    for row in (few, unknown):
        found = compared(row, today=OVER)
        assert found is not None
        assert (found.effect, found.result) == (None, Result.CANNOT_TELL)


def test_only_metrics_whose_change_has_an_interval_are_compared() -> None:
    keys = {each.key for each in COMPARED}

    assert {"nps", "referral_rate", "nrr", "csat"} <= keys
    assert not {"onboarding_days", "first_response_hours", "clv"} & keys
    assert Improvement(metric="nps").definition.key == "nps"
