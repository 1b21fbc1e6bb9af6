from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import MonthlyRevenue
from analytics.models import HealthScore
from analytics.queries.health.scores import stored_scores
from analytics.services.health.scoring import is_scored
from tests.analytics.health import DAY, make_scored, publish, tick

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ONE = dt.timedelta(days=1)


def stored() -> list[tuple[float | None, str, int]]:
    rows = HealthScore.objects.order_by("customer__pk", "day")
    return list(rows.values_list("score", "band", "formula__version"))


def test_a_second_tick_changes_nothing() -> None:
    publish()
    make_scored(10)
    make_scored(0)

    assert (tick(), tick(), is_scored(DAY)) == (2, 2, True)
    assert stored() == [(80, "good", 1), (20, "risk", 1)]


def test_what_was_said_stays_whatever_becomes_known_later() -> None:
    publish()
    customer = make_scored(10)
    tick()
    MonthlyRevenue.objects.filter(customer=customer).update(mrr=0)
    publish(too_new_days=1)
    tick(today=DAY + 30 * ONE)

    assert stored() == [(80, "good", 1)]


def test_what_was_worked_out_afterwards_is_worked_out_again() -> None:
    publish()
    customer = make_scored(10)
    tick(today=DAY + 30 * ONE)
    assert not is_scored(DAY)
    MonthlyRevenue.objects.filter(customer=customer).update(mrr=0)
    tick(today=DAY + 31 * ONE)

    assert stored() == [(60, "watch", 1)]


def test_who_is_too_new_has_a_row_without_a_score() -> None:
    publish()
    make_scored(10, started_on=DAY)
    make_scored(10, mrr={})
    tick()

    # Whose MRR is 0 in a month that was told of is known to pay nothing.
    assert stored() == [(None, "", 1), (60, "watch", 1)]
    first = HealthScore.objects.order_by("customer__pk").first()
    assert first is not None
    assert (first.too_new, first.score) == (True, None)


def test_without_a_formula_nobody_is_scored() -> None:
    make_scored(10)

    assert tick() == 0


@pytest.mark.parametrize("name", ['a "b" \\ {c}, %s', "NULL", "危険"])
def test_a_band_may_have_any_name(name: str) -> None:
    publish(bands=[{"name": name, "from": 0}, {"name": "good", "from": 90}])
    make_scored(10)
    tick()

    assert stored() == [(80, name, 1)]
    (part,) = stored_scores(HealthScore.objects.all())
    assert part.scores.values.tolist() == [[10, 50]]
