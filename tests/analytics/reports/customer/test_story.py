from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from accounts.models import Customer, CustomerTerms, CustomerVersion, MonthlyRevenue, Pulse
from analytics.domain.customers.story import StoryKind
from analytics.queries.customers.story import read_story
from analytics.reports.customer import story as report
from analytics.reports.health.customer import Said
from surveys.domain.states import InvitationState
from tests.customer_facts import make_event, make_readings
from tests.staffing import make_staff
from tests.world import (
    DAY,
    HOUR,
    NOW,
    answer,
    make_campaign,
    make_customer,
    make_invitation,
    make_respondent,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def told(customer: Customer, *history: Said) -> list[report.Moment]:
    return report.moments(read_story(customer, now=NOW), history)


def texts(found: list[report.Moment], kind: StoryKind) -> list[str]:
    return [each.text for each in found if each.kind is kind]


def test_every_kind_stands_on_one_line_of_time_newest_first() -> None:
    cs = make_staff("cs")
    customer = make_customer(
        started_on=dt.date(2024, 1, 1), churned_on=TODAY, churn_reason="price", churn_note="Dear."
    )
    respondent = make_respondent(customer=customer, name="Aya")
    invitation = make_invitation(
        respondent, make_campaign(name="Autumn"), state=InvitationState.SENT, sent_at=NOW - 3 * DAY
    )
    answer(invitation, 4, comment="Slow.", at=NOW - DAY)
    make_event(customer, "ticket_opened", NOW - 2 * DAY, ref="T-1")
    make_event(customer, "ticket_replied", NOW - 2 * DAY + 3 * HOUR, ref="T-1")
    make_event(customer, "ticket_resolved", NOW + DAY, ref="T-1")
    make_event(customer, "ticket_opened", NOW - 6 * DAY, ref="T-2")
    make_event(customer, "ticket_resolved", NOW - 7 * DAY, ref="T-0")
    make_event(customer, "odd_kind", NOW - 5 * DAY, value=2)
    make_event(customer, "contacted", NOW - 4 * DAY, ref="1", channel="call", note="Talked.",
               created_by=cs)  # fmt: skip
    Pulse.objects.create(customer=customer, at=NOW, value=3, reason="Went silent.", created_by=cs)
    back = {TODAY - number * DAY: value for number, value in ((0, 5), (28, 50))}
    make_readings(customer, "logins", back)
    for month, mrr in ((9, 100), (10, 200)):
        MonthlyRevenue.objects.create(
            customer=customer, month=dt.date(2026, month, 1), mrr=mrr, currency="JPY"
        )
    for days, plan in ((30, "gold"), (9, "pro")):
        day = TODAY - dt.timedelta(days=days)
        CustomerVersion.objects.create(customer=customer, known_from=day, attributes={"plan": plan})
        CustomerTerms.objects.create(customer=customer, known_from=day, seats=days)
    nights = [Said(TODAY - number * DAY, 1, band, "F 1", False) for number, band in
            enumerate(("risk", "risk", "good"))]  # fmt: skip

    found = told(customer, *nights)

    assert texts(found, StoryKind.ANSWERS) == ["Answer to “Autumn”"]
    assert texts(found, StoryKind.SURVEYS) == ["Survey “Autumn” sent to 1 person"]
    assert texts(found, StoryKind.EVENTS) == [
        "Ticket opened (T-1) · replied to after 3 hours · resolved after 3 days",
        "odd_kind: 2",
        "Ticket opened (T-2) · still open",
        "Ticket resolved (T-0)",
    ]
    assert texts(found, StoryKind.CONTACTS) == ["Pulse: 3 of 10", "Call"]
    assert texts(found, StoryKind.USAGE) == ["Log-ins: 50 → 5 in 28 days"]
    assert texts(found, StoryKind.REVENUE) == ["MRR: ¥100 → ¥200"]
    assert texts(found, StoryKind.FACTS) == [
        "Left: price", "plan: gold → pro", "Seats: 30 → 9", "Became a customer",
    ]  # fmt: skip
    assert texts(found, StoryKind.HEALTH) == ["Health: good → risk"]
    moments = [each.at.date() if isinstance(each.at, dt.datetime) else each.at for each in found]
    assert moments == sorted(moments, reverse=True)
    [said] = [each for each in found if each.kind is StoryKind.ANSWERS]
    assert (said.words, said.who, said.response.category) == ("Slow.", "Aya", "detractor")
    [call] = [each for each in found if each.words == "Talked."]
    assert "cs@koe.example" in call.who


def test_an_erased_person_has_no_name_in_it() -> None:
    respondent = make_respondent(name="", email="")
    invitation = make_invitation(respondent, state=InvitationState.SENT, sent_at=NOW)
    answer(invitation, 4)

    with translation.override("ja"):
        found = told(respondent.customer)
    [said] = [each for each in found if each.kind is StoryKind.ANSWERS]

    assert said.who == "消去済みの人"


def test_nothing_known_is_an_empty_line() -> None:
    assert told(make_customer()) == []
