from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.domain.health.moves import Move
from analytics.reports.health.customer import move_sentence, one_health
from tests.analytics.health import DAY, MEASURES, make_scored, publish, tick

pytestmark = pytest.mark.django_db
TODAY = DAY + dt.timedelta(days=1)


def test_a_change_of_the_formula_is_said() -> None:
    publish()
    customer = make_scored(10)
    tick(DAY - dt.timedelta(days=7))
    publish(too_new_days=5)
    tick()

    found = one_health(customer.pk, today=TODAY)

    assert found is not None
    against = {each.days: each for each in found.against}
    assert against[7].formula == "The formula changed from Standard 1 to Standard 2."
    assert against[7].sentences == []
    assert (against[90].score, against[90].sentences) == (None, [])
    assert [said.formula for said in found.history] == ["Standard 2", "Standard 1"]


def test_history_has_what_was_said_and_what_todays_formula_says() -> None:
    publish()
    customer = make_scored(10)
    before = DAY - dt.timedelta(days=1)
    tick(before)
    publish(measures=[MEASURES[0]])
    tick()

    plain = one_health(customer.pk, today=TODAY)
    found = one_health(customer.pk, today=TODAY, by_today=True)

    assert plain is not None
    assert found is not None
    assert [said.by_today for said in plain.history] == [None, None]
    assert [said.is_new_version for said in found.history] == [True, False]
    assert (found.history[0].score, found.history[0].by_today) == (100, 100)
    assert found.history[1].score == 80


def test_the_stored_nights_are_read_at_once() -> None:
    publish()
    customer = make_scored(10)
    for back in (7, 28, 90):
        tick(DAY - dt.timedelta(days=back))
    tick()

    with CaptureQueriesContext(connection) as asked:
        found = one_health(customer.pk, today=TODAY)

    assert found is not None
    assert found.against[0].score is not None
    assert sum("parts" in each["sql"] for each in asked) == 1


def test_what_is_not_known_is_said_in_words() -> None:
    fell, rose = Move("logins", 12, None, -18.04), Move("rate", 0.25, 0.5, 3)
    assert move_sentence(fell, "log-ins") == "log-ins 12 → not known: −18.0"
    assert move_sentence(rose, "rate") == "rate 0.25 → 0.50: +3.0"
    fell = Move("falling", -0.04, 0, 3)
    assert move_sentence(fell, "falling", is_change=True) == "falling −4\u00a0% → 0\u00a0%: +3.0"


def test_nobody_has_a_score_without_a_formula() -> None:
    customer = make_scored(10)
    assert one_health(customer.pk, today=TODAY) is None
    publish()
    assert one_health(customer.pk, today=TODAY) is not None
    assert one_health(customer.pk, today=TODAY, live=False) is None
