"""Usage, events, terms and judgements as formulas read them, on a day and never of a later one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import (
    Customer,
    CustomerTerms,
    Event,
    Measure,
    MonthlyRevenue,
    Pulse,
    Reading,
    ReadingSpan,
)
from tests.analytics import world
from tests.analytics.health import answered
from tests.analytics.queries.health.test_facts import values

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
KNOWN = dt.date(2026, 1, 1)


def use(customer: Customer, **by_day: float) -> None:
    """`use(customer, d1=5)`: five log-ins on May 1."""
    measure, _ = Measure.objects.get_or_create(key="logins")
    days = {dt.date(2026, 5, int(name[1:])): value for name, value in by_day.items()}
    for day, value in days.items():
        Reading.objects.create(
            measure=measure, customer=customer, day=day, value=value, known_from=KNOWN
        )
    ReadingSpan.objects.create(
        measure=measure, customer=customer, first_day=min(days), last_day=max(days)
    )


def happen(customer: Customer, kind: str, day: str, **fields: object) -> None:
    at = dt.datetime.fromisoformat(f"{day}T03:00:00+00:00")
    ref = str(Event.objects.count())
    Event.objects.create(customer=customer, kind=kind, at=at, ref=ref, known_from=KNOWN, **fields)


def test_usage_is_added_up_over_its_window() -> None:
    first, second = world.make_customer(), world.make_customer()
    world.make_customer()
    use(first, d1=2.5, d8=4, d20=100)
    use(second, d1=3)

    window = {"aggregate": "sum", "window_days": 7}
    assert values("usage:logins", "2026-05-08", **window) == [4, 0, None]
    assert values("usage:logins", "2026-05-07", **window) == [2.5, 3, None]
    assert values("usage:logins", "2026-05-14", **window | {"change": "previous_window"}) == [
        pytest.approx(0.6), -1, None,
    ]  # fmt: skip
    assert values("usage:clicks", "2026-05-08", **window) == [None, None, None]


def test_usage_is_divided_by_what_was_known_on_the_day() -> None:
    customer, nobody = world.make_customer(), world.make_customer()
    for each, seats in ((customer, 2), (nobody, 0)):
        use(each, d1=10)
        CustomerTerms.objects.create(customer=each, known_from=dt.date(2026, 6, 1), seats=seats)
    CustomerTerms.objects.create(customer=customer, known_from=dt.date(2026, 7, 1), seats=50)

    assert values("usage:logins", "2026-05-03", window_days=7, per="seats") == [5, None]


def test_a_window_of_working_days_reaches_over_the_holidays(settings: Any) -> None:
    settings.LANGUAGE_CODE = "ja"
    use(world.make_customer(), d1=5, d7=2)

    # The 8th, the 7th, the 1st and April 30: between them are Golden Week and two weekends.
    window = {"aggregate": "sum", "window_days": 4}
    assert values("usage:logins", "2026-05-08", **window) == [2]
    assert values("usage:logins", "2026-05-08", **window, window_counts="working") == [7]


def test_events_are_counted_and_nobody_knows_before_the_first() -> None:
    customer = world.make_customer()
    world.make_customer()
    happen(customer, "ticket_opened", "2026-05-03", value=4)
    happen(customer, "ticket_opened", "2026-05-03")

    window = {"window_days": 7}
    assert values("events:ticket_opened", "2026-05-02", **window) == [None, None]
    assert values("events:ticket_opened", "2026-05-03", **window) == [2, 0]
    assert values("events:ticket_opened", "2026-05-03", aggregate="sum", **window) == [5, 0]
    assert values("events:ticket_opened", "2026-05-10", **window) == [0, 0]
    assert values("events:ticket_opened", "2026-05-10", aggregate="days_since") == [7, None]


def test_onboarding_and_renewal() -> None:
    customer = world.make_customer()
    world.make_customer()
    happen(customer, "onboarding_completed", "2026-05-03")
    CustomerTerms.objects.create(
        customer=customer, known_from=dt.date(2026, 5, 2), renews_on=dt.date(2026, 6, 2)
    )

    assert values("onboarding_done", "2026-05-02") == [None, None]
    assert values("onboarding_done", "2026-05-03") == [1, 0]
    assert values("days_to_renewal", "2026-05-01") == [None, None]
    assert values("days_to_renewal", "2026-05-02") == [31, None]


def test_a_pulse_ends_by_itself() -> None:
    customer = world.make_customer()
    at = dt.datetime(2026, 5, 1, 3, tzinfo=dt.UTC)
    Pulse.objects.create(customer=customer, at=at, value=8, reason="x")

    found = [
        values("pulse", day) for day in ("2026-04-30", "2026-05-01", "2026-07-29", "2026-07-30")
    ]
    assert found == [[None], [8], [8], [None]]


EVERY_SOURCE = [
    "nps_last", "nps_account", "response_rate", "mrr", "mrr_change_3m", "days_to_renewal",
    "onboarding_done", "pulse", "attribute:users", "usage:logins", "events:ticket_opened",
]  # fmt: skip


def facts_of_may(customer: Customer, day: str, number: int) -> None:
    """One of every kind, none before the day."""
    on = dt.date.fromisoformat(day)
    at = dt.datetime.fromisoformat(f"{day}T03:00:00+00:00")
    answered(customer, number, day=day)
    world.make_version(customer, day, users=str(number))
    CustomerTerms.objects.create(
        customer=customer, known_from=on, renews_on=on + dt.timedelta(days=30 * number)
    )
    Pulse.objects.create(customer=customer, at=at, value=number, reason="x")
    happen(customer, "ticket_opened", day)
    happen(customer, "onboarding_completed", day)
    MonthlyRevenue.objects.create(customer=customer, month=on.replace(day=1), mrr=number * 10)


def test_facts_of_later_days_change_no_source_on_an_earlier_day() -> None:
    first, second = world.make_customer(users="1"), world.make_customer(users="1")
    # Without it the first that becomes known would stand in for the days before.
    world.make_version(second, "2026-05-04", users="1")
    MonthlyRevenue.objects.create(customer=first, month=dt.date(2026, 2, 1), mrr=10)
    facts_of_may(first, "2026-05-04", 9)
    use(first, d3=5)

    def known(day: str) -> dict[str, list[float | None]]:
        window = {"window_days": 40}
        return {
            each: values(each, day, **(window if each[:5] in ("usage", "event") else {}))
            for each in EVERY_SOURCE
        }

    before = known("2026-05-31")
    for customer in (first, second):
        facts_of_may(customer, "2026-06-01", 2)
        Reading.objects.create(
            measure=Measure.objects.get(),
            customer=customer,
            day=dt.date(2026, 6, 1),
            value=7,
            known_from=KNOWN,
        )

    assert known("2026-05-31") == before
    # They are facts that could have been seen.
    changed = known("2026-07-01")
    assert all(changed[each] != before[each] for each in EVERY_SOURCE)
