from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.models import Customer, Dimension, MonthlyRevenue
from actions.domain.playbooks.starting import Start, StartedBy
from actions.models import FollowUpRule, TouchTable
from actions.queries.playbooks.occasions import occasions_at, starts_of_year
from tests.actions.following import answered
from tests.actions.health import scored
from tests.customer_facts import make_readings
from tests.world import DAY, HOUR, NOW, answer, make_customer, make_invitation, make_respondent

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def at(start: Start, moment: dt.datetime = NOW) -> dict[Customer, str]:
    found = occasions_at(start, moment)
    return {Customer.objects.get(pk=pk): occasion for pk, occasion in found.items()}


def test_an_answer_is_an_occasion_for_a_week_and_the_last_one_counts() -> None:
    customer, start = make_customer(), Start(StartedBy.SCORE, level=6)
    first = answered(3, customer=customer, at=NOW - 6 * DAY)
    answered(9, at=NOW - DAY)
    answered(2, at=NOW - DAY, reason="imported")

    assert at(start) == {customer: str(first.pk)}
    second = answered(5, customer=customer, at=NOW - HOUR)
    assert at(start) == {customer: str(second.pk)}
    assert at(start, NOW - 2 * HOUR) == {customer: str(first.pk)}
    assert at(start, NOW + 7 * DAY) == {}


def test_a_fall_is_judged_against_the_answer_before() -> None:
    start = Start(StartedBy.FALL, level=3)
    before = answered(8, at=NOW - 300 * DAY).invitation
    after = make_invitation(before.respondent, sent_at=NOW - DAY, state="sent")
    second = answer(after, 5, at=NOW - HOUR)
    answered(5, at=NOW - HOUR)

    assert list(at(start).values()) == [str(second.pk)]
    assert at(replace(start, level=4)) == {}


def test_quiet_usage_is_known_by_its_first_day_and_what_is_late_is_not_quiet() -> None:
    quiet, busy, new = make_customer(), make_customer(), make_customer()
    span = [TODAY - back * DAY for back in range(100)]
    make_readings(quiet, "logins", {day: 10 if day < TODAY - 16 * DAY else 0 for day in span})
    make_readings(busy, "logins", dict.fromkeys(span, 10))
    make_readings(new, "logins", {TODAY: 1})
    start = Start(StartedBy.USAGE, level=50, measure="logins")

    assert at(start) == {quiet: (TODAY - 3 * DAY).isoformat()}
    # Nothing has come for two days: what was quiet stays so, and nobody becomes it.
    assert at(start, NOW + 2 * DAY) == at(start)
    assert at(start, NOW + 20 * DAY) == {}
    assert at(replace(start, measure="nothing")) == {}


def test_a_cell_is_entered_from_outside_and_not_from_the_unknown() -> None:
    entered, always, unknown, other = (make_customer() for _ in range(4))
    for each in (entered, always, other):
        MonthlyRevenue.objects.create(
            customer=each, month=dt.date(2026, 10, 1), mrr=10 if each == other else 900
        )
    TouchTable.objects.create(
        basis="mrr", medium_from=Decimal(100), large_from=Decimal(500),
        cells={"worst:large": "high"},
    )  # fmt: skip
    scored(entered, "best", "best", "worst", "worst")
    scored(always, "worst", "worst", "worst", "worst")
    scored(unknown, "best", "worst", "worst", "worst")
    scored(other, "best", "best", "worst", "worst")
    start = Start(StartedBy.TOUCH, cells=frozenset({"worst:large"}))

    assert at(start) == {entered: (TODAY - 2 * DAY).isoformat()}
    assert at(replace(start, cells=frozenset({"best:large"}))) == {}


def test_only_customers_of_the_chosen_size_and_none_where_no_size_is_known() -> None:
    large, small = make_customer(), make_customer()
    for each, mrr in ((large, 900), (small, 10)):
        MonthlyRevenue.objects.create(customer=each, month=dt.date(2026, 10, 1), mrr=mrr)
        answered(2, customer=each, at=NOW - HOUR)
    start = Start(StartedBy.SCORE, level=6, sizes=frozenset({"large"}))

    assert at(start) == {}
    TouchTable.objects.create(basis="mrr", medium_from=Decimal(100), large_from=Decimal(500))
    assert list(at(start)) == [large]


def test_who_has_left_starts_nothing() -> None:
    customer = make_customer(churned_on=TODAY)
    answered(2, customer=customer, at=NOW - HOUR)

    assert at(Start(StartedBy.SCORE, level=6)) == {}


def test_a_try_tells_of_a_year_what_would_have_started_when() -> None:
    customer, start = make_customer(), Start(StartedBy.SCORE, level=6, every_days=90)
    for back in (380, 200, 190, 30):
        answered(3, customer=customer, at=NOW - back * DAY)

    found = starts_of_year(start, now=NOW)
    assert [(NOW - each.at).days for each in found] == [196, 28]


def test_key_persons_are_those_of_the_rule_of_follow_ups_in_use_or_not() -> None:
    Dimension.objects.create(name="role", source="respondent", attribute="role")
    asked = make_respondent(role="buyer")
    make_invitation(asked, state="sent", sent_at=NOW - 20 * DAY)
    start = Start(StartedBy.SILENCE, level=14)

    assert at(start) == {}
    FollowUpRule.objects.create(
        trigger="silence", level=30, due_hours=9, is_active=False, key="role=buyer"
    )
    assert at(start) == {asked.customer: (TODAY - 20 * DAY).isoformat()}
