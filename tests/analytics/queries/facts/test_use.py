from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Customer, CustomerTerms, Measure, Reading
from analytics.queries.facts.use import use_until
from tests.analytics.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# A Tuesday; the 28 days begin on Wednesday, 3 June.
LAST = dt.date(2026, 6, 30)


def read(measure: Measure, customer: Customer, *values: tuple[str, float]) -> None:
    for day, value in values:
        Reading.objects.create(
            measure=measure, customer=customer, day=day, value=value, known_from=LAST
        )


@pytest.mark.parametrize(("language", "working"), [("en", 20), ("ja", 20)])
def test_use_of_the_last_28_days(settings: object, language: str, working: int) -> None:
    settings.LANGUAGE_CODE = language  # type: ignore[attr-defined]
    one, other, third = make_customer(), make_customer(), make_customer()
    logins, exports = (Measure.objects.create(key=key) for key in ("logins", "exports"))
    read(logins, one, ("2026-06-02", 50), ("2026-06-03", 3), ("2026-06-30", 4), ("2026-07-01", 9))
    # The same day of another measure is one day; a Saturday is no working day.
    read(exports, one, ("2026-06-30", 1), ("2026-06-29", 1), ("2026-06-27", 1))
    read(exports, other, ("2026-06-10", 0))
    CustomerTerms.objects.create(customer=one, known_from=dt.date(2026, 1, 1), seats=4)

    found = use_until(LAST, measure="logins", any_use=True)

    assert found.total.to_dict() == {one.pk: 7}
    assert found.seats.to_dict() == {one.pk: 4}
    assert found.days_active.to_dict() == {one.pk: 3, other.pk: 0}
    assert third.pk not in found.days_active.index
    assert found.working_days == working


def test_holidays_are_no_working_days_where_the_language_has_a_country(settings: object) -> None:
    settings.LANGUAGE_CODE = "ja"  # type: ignore[attr-defined]

    # Four weeks to 10 May 2026 have Showa Day and three days of Golden Week besides weekends.
    assert use_until(dt.date(2026, 5, 10), measure="", any_use=True).working_days == 16
