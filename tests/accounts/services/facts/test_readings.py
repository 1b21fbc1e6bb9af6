from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Measure, Reading, ReadingSpan
from accounts.services.facts.readings import Given, Readings
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TODAY = dt.date(2026, 10, 10)
FIRST = dt.date(2026, 9, 1)


def bring_in(given: list[Given], *, today: dt.date = TODAY) -> Readings:
    readings = Readings(today=today)
    readings.write(given)
    readings.note(given)
    readings.finish()
    return readings


def test_what_was_there_before_is_found_by_its_whole_key() -> None:
    one, two = make_customer().pk, make_customer().pk
    there = [
        Given("logins", FIRST, one, None, Decimal("1.25")),
        Given("logins", TODAY, two, None, Decimal(10) ** 17),
    ]
    bring_in(there)
    crosswise = [Given("logins", TODAY, one, None, Decimal(1)), Given("new", FIRST, one, None, 1)]

    found = Readings(today=TODAY).known([*there, *crosswise])

    assert found == [Decimal("1.25"), Decimal(10) ** 17, None, None]


def test_only_days_between_those_that_are_there_are_looked_up(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    customer = make_customer().pk
    days = [FIRST, FIRST + dt.timedelta(days=9)]
    bring_in([Given("logins", day, customer, None, Decimal(1)) for day in days])
    between, after = (Given("logins", day, customer, None, Decimal(2)) for day in (days[1], TODAY))

    readings = Readings(today=TODAY)
    with django_assert_num_queries(0):
        assert readings.known([after]) == [None]
    with django_assert_num_queries(1):
        assert readings.known([between, after]) == [Decimal(1), None]


def test_more_readings_than_a_statement_takes_are_written_in_parts() -> None:
    customer = make_customer().pk
    days = [FIRST - dt.timedelta(days=back) for back in range(2500)]

    bring_in([Given("logins", day, customer, None, Decimal(1)) for day in days])

    assert Reading.objects.count() == 2500
    row = Measure.objects.get()
    assert (row.first_day, row.last_day, len(row.recent_days)) == (days[-1], FIRST, 40)


def test_a_span_only_widens() -> None:
    customer = make_customer().pk
    for day in (dt.date(2026, 5, 5), dt.date(2026, 6, 6), dt.date(2026, 4, 4), dt.date(2026, 5, 6)):
        bring_in([Given("logins", day, customer, None, Decimal(1))])

    span = ReadingSpan.objects.get()
    assert (span.first_day, span.last_day) == (dt.date(2026, 4, 4), dt.date(2026, 6, 6))
