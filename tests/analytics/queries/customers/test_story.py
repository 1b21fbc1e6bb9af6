from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import CustomerTerms, CustomerVersion
from analytics.queries.customers.story import read_story
from surveys.domain.states import InvitationState
from tests.customer_facts import make_event, make_readings
from tests.world import DAY, NOW, make_campaign, make_customer, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def test_what_is_known_of_one_customer_is_read_and_of_no_other() -> None:
    customer, other = make_customer(), make_customer()
    campaign = make_campaign(name="Autumn")
    for each in (customer, customer, other):
        make_invitation(
            make_respondent(customer=each), campaign, state=InvitationState.SENT, sent_at=NOW
        )
    today = NOW.date()
    for each, value in ((customer, 5), (other, 7)):
        make_event(each, "trained", NOW, ref="x")
        make_readings(each, "logins", {today: value, today - dt.timedelta(days=400): 1})
        CustomerVersion.objects.create(customer=each, known_from=today, attributes={"n": value})
    CustomerTerms.objects.create(customer=customer, known_from=today, seats=5)

    story = read_story(customer, now=NOW)

    assert story.asked == [(today, "Autumn", 2)]
    assert len(story.events) == 1
    assert story.readings == {"logins": {today: 5.0}}
    assert story.attributes == [(today, {"n": 5})]
    assert story.terms == [(today, {"renews_on": None, "seats": 5})]
    assert (story.responses, story.pulses, story.revenue) == ([], [], [])


def test_a_story_costs_the_same_for_one_and_for_many(django_assert_num_queries) -> None:
    customer = make_customer()
    for number in range(3):
        make_event(customer, "trained", NOW - number * DAY, ref=f"{number}")
        make_readings(customer, f"m{number}", {NOW.date(): 1})

    with django_assert_num_queries(10):
        read_story(customer, now=NOW)
