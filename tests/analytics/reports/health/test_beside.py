from __future__ import annotations

import datetime as dt

import pytest

from analytics.reports.health.beside import read_beside, sort_value
from analytics.reports.health.scores import BESIDE, health_report
from tests.analytics import world
from tests.analytics.health import DAY, answered, make_scored, publish, tick

pytestmark = pytest.mark.django_db


def test_each_column_is_of_the_customers_that_are_shown() -> None:
    publish()
    customer = make_scored(10, name="Acme")
    answered(customer, 10, day="2026-09-01")
    tick(DAY - dt.timedelta(days=28))
    world.make_customer(mrr={"2026-10": 7})
    make_scored(0, name="Bravo")
    tick()
    report = health_report(DAY, today=DAY).only(lambda each: each.pk == customer.pk)

    beside = {name: read_beside(name, [customer.pk], report=report) for name in BESIDE}

    assert beside["change"] == {customer.pk: -20.0}
    assert beside["answered"] == {customer.pk: dt.date(2026, 11, 1)}
    assert beside["mrr"][customer.pk] == 50.0
    assert beside["renews"] == beside["owner"] == beside["contact"] == {}
    [each] = report.customers
    assert sort_value(each, "mrr", beside) == 50.0
    assert sort_value(each, "renews", beside) is None
    assert (sort_value(each, "name", {}), sort_value(each, "score", {})) == ("acme", 80.0)
