from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Measure, Reading
from analytics.queries.facts.readings import reading_sums
from tests.customer_facts import TODAY, day, make_readings
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_window_has_its_last_day_and_as_many_days_as_were_asked_for() -> None:
    customer = make_customer()
    make_readings(customer, "logins", {day(28): 100, day(27): 1, day(3): "2.5", day(0): 0})

    found = reading_sums("logins", until=TODAY, days=28)

    assert found.to_dict() == {customer.pk: 3.5}


def test_nothing_later_leaks_into_a_past_day() -> None:
    customer, other = make_customer(), make_customer()
    make_readings(customer, "logins", {day(40): 7})
    before = reading_sums("logins", until=day(30), days=28)
    for back in (29, 10, 0):
        Reading.objects.create(
            measure=Measure.objects.get(), day=day(back), customer=customer,
            value=Decimal(99), known_from=day(back),
        )  # fmt: skip
    make_readings(other, "logins", {day(29): 5})

    assert reading_sums("logins", until=day(30), days=28).equals(before)


def test_who_stopped_has_none_and_who_never_had_any_is_not_known() -> None:
    active, stopped, never = make_customer(), make_customer(), make_customer()
    make_readings(active, "logins", {day(1): 4})
    make_readings(stopped, "logins", {day(100): 9})

    found = reading_sums("logins", until=TODAY, days=28)

    assert found.to_dict() == {active.pk: 4.0, stopped.pk: 0.0}
    assert never.pk not in found.index


def test_a_window_that_the_source_never_told_of_is_not_known() -> None:
    make_readings(make_customer(), "logins", {day(100): 9})

    assert reading_sums("logins", until=TODAY, days=28).empty
    assert reading_sums("seen nowhere", until=TODAY, days=28).empty


def test_a_customer_has_one_reading_of_a_measure_a_day() -> None:
    customer = make_customer()
    make_readings(customer, "logins", {day(1): 1})
    make_readings(customer, "seats_used", {day(1): 2})

    assert reading_sums("logins", until=TODAY, days=7).to_dict() == {customer.pk: 1}
    assert Reading.objects.count() == 2
    assert isinstance(Reading.objects.values_list("day", flat=True).first(), dt.date)
