from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Measure, Reading, RespondentReading
from api.queries.readings import Wanted, readings
from tests.world import make_customer, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = dt.date(2026, 11, 1)


def test_own_numbers_then_those_of_respondents_each_once_whatever_the_size_of_a_page() -> None:
    one, two = make_customer(), make_customer()
    measures = [Measure.objects.create(key=key) for key in ("logins", "exports")]
    people = [make_respondent(customer=one), make_respondent(customer=two)]
    for measure in measures:
        for day in (DAY, DAY + dt.timedelta(1)):
            for customer in (one, two):
                Reading.objects.create(
                    measure=measure, day=day, customer=customer, value=1, known_from=day,
                    is_sum=customer == two,
                )  # fmt: skip
            RespondentReading.objects.create(
                measure=measure, day=day, respondent=people[1], value=Decimal("0.5"),
                known_from=day,
            )  # fmt: skip

    whole = readings(Wanted(), after=None, most=100)
    assert [row["email"] for _, row in whole] == [None] * 4 + [people[1].email] * 4
    for size in (1, 3, 5):
        seen, place = [], None
        while some := readings(Wanted(), after=place, most=size):
            seen += some
            place = some[-1][0]
        assert seen == whole

    def count(**wanted: object) -> int:
        return len(readings(Wanted(**wanted), after=None, most=100))

    assert (count(customer_id=two.customer_id), count(measure="logins")) == (4, 4)
    assert (count(first=DAY + dt.timedelta(1)), count(last=DAY)) == (4, 4)
    RespondentReading.objects.all().delete()
    assert count() == 4
