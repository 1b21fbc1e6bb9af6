from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Customer, CustomerVersion, MonthlyRevenue
from analytics.queries.customers.story import read_story
from analytics.reports.customer.lately import sentences
from analytics.reports.health.customer import one_health
from surveys.domain.states import InvitationState
from tests.analytics import health
from tests.customer_facts import make_event, make_readings
from tests.world import DAY, NOW, answer, make_customer, make_invitation, make_respondent

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
SILENT = "Nobody has been in contact with them."


def lately(customer: Customer) -> list[str]:
    return sentences(read_story(customer, now=NOW), None)


def answered(customer: Customer, score: int, *, back: int) -> None:
    respondent = make_respondent(customer=customer)
    invitation = make_invitation(respondent, state=InvitationState.SENT)
    answer(invitation, score, at=NOW - back * DAY)


def test_revenue_of_now_is_held_against_that_of_three_months_before() -> None:
    customer = make_customer()
    for month, mrr in ((6, 900), (7, 100), (9, 200), (10, 300)):
        MonthlyRevenue.objects.create(
            customer=customer, month=dt.date(2026, month, 1), mrr=mrr, currency="JPY"
        )

    assert lately(customer) == ["MRR went from ¥100 to ¥300.", SILENT]


def test_answers_name_the_last_score_and_the_one_before_the_90_days() -> None:
    customer = make_customer()
    answered(customer, 9, back=100)
    assert lately(customer) == [SILENT]
    answered(customer, 4, back=3)
    answered(customer, 2, back=1)

    assert lately(customer)[0] == "2 answers, the last with a score of 2 (9 before)."


def test_usage_tickets_and_contacts_are_compared_with_the_90_days_before() -> None:
    customer = make_customer()
    make_readings(customer, "logins", {TODAY - back * DAY: each for back, each in
                                       ((0, 10), (90, 100), (180, 1))})  # fmt: skip
    make_readings(customer, "exports", {TODAY - 91 * DAY: 5})
    make_event(customer, "ticket_opened", NOW - 2 * DAY, ref="1")
    make_event(customer, "ticket_opened", NOW - 120 * DAY, ref="2")
    make_event(customer, "contacted", NOW - 2 * DAY, ref="1")

    assert sorted(lately(customer)) == [
        "1 ticket opened (1 in the 90 days before).",
        "Log-ins: 100 → 10 in 90 days.",
        "exports: nothing has been received for 90 days.",
    ]


def test_an_attribute_that_changed_twice_is_told_once_and_one_that_came_back_never() -> None:
    customer = make_customer()
    states = [(200, "gold", "a"), (60, "silver", "b"), (30, "pro", "a")]
    for back, plan, region in states:
        CustomerVersion.objects.create(
            customer=customer,
            known_from=TODAY - dt.timedelta(days=back),
            attributes={"plan": plan, "region": region},
        )

    assert lately(customer) == [SILENT, "plan: gold → pro"]


def scored_90_days_ago() -> Customer:
    """80 then: 10 of 10, and half of what counts as enough."""
    health.publish()
    customer = health.make_scored(10, mrr={"2026-07": 50, "2026-10": 100})
    health.answered(customer, 10, day="2026-08-01")
    health.tick(health.DAY - dt.timedelta(days=90))
    return customer


def test_health_is_held_against_90_days_ago_with_what_moved_it_most() -> None:
    customer = scored_90_days_ago()
    health.tick()

    said = sentences(read_story(customer, now=NOW), one_health(customer.pk, today=health.DAY))

    assert said[0] == "Health rose from 80 to 100, most of all by MRR 50 → 100: +20.0."


def test_what_moved_by_another_formula_is_no_reason() -> None:
    customer = scored_90_days_ago()
    health.publish(measures=[health.MEASURES[0]])
    health.tick()

    said = sentences(read_story(customer, now=NOW), one_health(customer.pk, today=health.DAY))

    assert said[:2] == [
        "Health rose from 80 to 100.", "The formula changed from Standard 1 to Standard 2.",
    ]  # fmt: skip
