"""What formulas read of the rows, on a day and never of a later one."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from accounts.models import Customer
from analytics.domain.health.formulas.parsing import parse_formula
from analytics.domain.health.scoring import values_on
from analytics.queries.database.columns import number_of_day
from analytics.queries.health.facts import read_facts
from tests.analytics import world
from tests.analytics.domain.health.formulas.made import standard
from tests.analytics.health import answered

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
START = dt.date(2024, 1, 1)


def values(source: str, day: str, **fields: object) -> list[float | None]:
    """Of every customer, in the order of their making."""
    points = {"points": [[0, 0], [10, 100]], "weight": 1}
    measure = {"key": "m", "source": source, **points, **fields}
    formula = parse_formula(standard(measures=[measure], applies_to=None))
    number = number_of_day(dt.date.fromisoformat(day))
    facts, customers = read_facts([formula], first=number, last=number)
    assert customers.pks.tolist() == sorted(Customer.objects.values_list("pk", flat=True))
    found = values_on(number, formula=formula, series=facts.series)[:, 0].tolist()
    return [None if math.isnan(each) else each for each in found]


def test_answers_of_a_customer() -> None:
    first, second = world.make_customer(), world.make_customer()
    answered(first, 9, day="2026-03-01")
    answered(first, 2, day="2026-05-01")
    answered(second, 10, day="2026-04-01", suspect=True)

    assert values("nps_last", "2026-02-28") == [None, None]
    assert values("nps_last", "2026-03-01") == [9, None]
    assert values("nps_last", "2026-05-01") == [2, None]
    assert values("nps_account", "2026-04-30") == [100, None]
    assert values("nps_account", "2026-05-01") == [0, None]
    assert values("response_rate", "2026-05-02") == [1, 0]
    assert values("nps_last", "2027-05-01", max_age_days=100) == [None, None]


def test_satisfaction_is_that_of_the_question() -> None:
    world.make_customer()

    assert values("csat_last", "2026-05-01") == [None]


def test_revenue_and_its_change() -> None:
    world.make_customer(mrr={"2026-01": 100, "2026-04": 80})
    world.make_customer(mrr={"2026-04": 50})

    assert values("mrr", "2026-01-30") == [None, None]
    assert values("mrr", "2026-01-31") == [100, 0]
    assert values("mrr", "2026-04-29") == [100, 0]
    assert values("mrr", "2026-04-30") == [80, 50]
    assert values("mrr_change_3m", "2026-05-10") == [pytest.approx(-0.2), None]
    assert values("mrr_change_12m", "2026-05-10") == [None, None]


def test_an_attribute_is_the_one_known_by_the_day() -> None:
    customer = world.make_customer(seats_used="30")
    world.make_version(customer, "2026-03-01", seats_used="1,200")
    world.make_version(customer, "2026-05-01", seats_used="many")
    world.make_customer(seats_used="7")

    assert values("attribute:seats_used", "2026-02-01") == [1200, 7]
    assert values("attribute:seats_used", "2026-04-30") == [1200, 7]
    assert values("attribute:seats_used", "2026-05-01") == [None, 7]


def test_what_is_divided_by_nothing_is_not_known() -> None:
    world.make_customer(users="0", mrr={"2026-01": 100})
    world.make_customer(users="4", mrr={"2026-01": 100})

    assert values("mrr", "2026-02-01", per="attribute:users") == [None, 25]


def test_months_as_a_customer() -> None:
    world.make_customer(started_on=START)
    world.make_customer()

    assert values("tenure_months", "2024-12-31") == [pytest.approx(365 / 365.25 * 12), None]


def test_a_source_without_facts_tells_nothing() -> None:
    world.make_customer()

    assert values("open_follow_ups", "2026-01-01") == [None]
