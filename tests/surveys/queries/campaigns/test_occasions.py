from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Customer
from accounts.queries.merges import merges
from surveys.domain.eligibility import Reason
from surveys.domain.states import CampaignState
from surveys.models import Campaign
from surveys.queries.campaigns.occasions import Occasions, Reservations, last_asked
from surveys.queries.campaigns.planning import decisions, explain
from surveys.services.campaigns import plan
from surveys.services.slots import merge_persons
from tests.world import (
    DAY,
    NOW,
    make_campaign,
    make_customer,
    make_invitation,
    make_respondent,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = NOW.date()
BEFORE_RENEWAL = {
    "repeat": "date", "date_name": "renews_on", "date_days": -30, "reserves_slot": True,
    "weekdays": [0, 1, 2, 3, 4],
}  # fmt: skip


def renewing(days: int):
    return make_respondent(customer=make_customer(renews_on=TODAY + days * DAY))


def kept_for(campaign, respondent) -> list[int]:
    """The days from today for which others keep a slot."""
    keys = {"person_id__in": [respondent.person_id]}
    found = Reservations(campaign, now=NOW).moments(keys).get(respondent.person_id, ())
    return [(each.at.date() - TODAY).days for each in found]


def test_respondents_have_an_occasion_each_around_their_own_date() -> None:
    campaign = make_campaign(**BEFORE_RENEWAL)
    due, later, unknown = renewing(30), renewing(90), make_respondent()
    occasions = Occasions(campaign, now=NOW)
    occasions.read([(each.pk, each.customer_id) for each in (due, later, unknown)])

    found = [occasions.next(each.pk, each.person_id) for each in (due, later, unknown)]

    assert [each and each.due_at.date() for each in found] == [TODAY, TODAY + 62 * DAY, None]
    assert occasions.until(later.pk, later.person_id, NOW + 60 * DAY) == []


def test_the_reasons_of_a_campaign_that_goes_on() -> None:
    campaign = make_campaign(**BEFORE_RENEWAL, latest_days=5)
    people = {
        Reason.ASKED: renewing(28),
        Reason.NOT_DUE: renewing(90),
        Reason.MISSED: renewing(10),
        Reason.NO_DATE: make_respondent(),
    }

    assert {explain(campaign, each, now=NOW).reason: each for each in people.values()} == people


def test_a_slot_is_kept_by_those_under_way_for_whom_they_are_still_to_ask() -> None:
    respondent = renewing(90)
    ordinary, reserving = make_campaign(), make_campaign(**BEFORE_RENEWAL, latest_days=10)

    assert kept_for(ordinary, respondent) == [62 + 10 + 1 - 4]
    assert kept_for(reserving, respondent) == []
    asked = make_invitation(respondent, reserving, send_at=NOW - 20 * DAY)
    assert kept_for(ordinary, respondent) == []
    asked.delete()
    gone = Customer.objects.filter(pk=respondent.customer_id)
    gone.update(churned_on=TODAY)
    assert kept_for(ordinary, respondent) == []
    gone.update(churned_on=None)
    for changes in (
        {"state": CampaignState.DRAFT},
        {"audience": {"plan": ["gold"]}},
        {"languages": ["ja"]},
        {"ends_at": NOW + DAY},
        {"repeat": ""},
        {"reserves_slot": False},
    ):
        whole = {"state": CampaignState.PAUSED, "audience": {}, "languages": [], "ends_at": None}
        Campaign.objects.filter(pk=reserving.pk).update(**whole | changes)
        assert kept_for(ordinary, respondent) == [], changes


def test_who_has_one_survey_left_is_not_asked_by_others_before_their_renewal() -> None:
    respondent = renewing(90)
    send(respondent, now=NOW - 50 * DAY)
    make_campaign(**BEFORE_RENEWAL)
    ordinary = make_campaign()

    plan.plan_campaign(ordinary, now=NOW)

    assert not ordinary.invitations.exists()
    assert explain(ordinary, respondent, now=NOW).reason is Reason.RESERVED


def test_neither_another_rule_nor_another_date_asks_anybody_again() -> None:
    respondent = renewing(30)
    campaign = make_campaign(**BEFORE_RENEWAL)
    plan.plan_campaign(campaign, now=NOW)
    [first] = campaign.invitations.all()
    assert (first.occasion, first.ask_by) == (
        (TODAY + 30 * DAY).isoformat(),
        dt.datetime.combine(TODAY + 15 * DAY, dt.time(), tzinfo=dt.UTC),
    )
    campaign.invitations.update(state="sent", sent_at=NOW)

    respondent.customer.renews_on += 7 * DAY
    respondent.customer.save()
    campaign.date_days = -20
    campaign.save()
    for day in range(0, 40, 8):
        plan.plan_campaign(campaign, now=NOW + day * DAY)

    assert campaign.invitations.count() == 1


def test_a_planner_that_read_an_older_date_asks_nobody_whom_another_one_asked_since() -> None:
    respondent = renewing(30)
    campaign = make_campaign(**BEFORE_RENEWAL)
    [read_before] = decisions(campaign, now=NOW)
    Customer.objects.update(renews_on=TODAY + 28 * DAY)
    plan.plan_campaign(campaign, now=NOW)

    beaten = plan.invite(campaign, read_before, now=NOW)

    assert beaten[respondent.pk].reason is Reason.ALREADY_INVITED
    [asked] = campaign.invitations.all()
    assert asked.occasion == (TODAY + 28 * DAY).isoformat()


def test_what_somebody_was_asked_before_a_merge_they_were_asked() -> None:
    gone, kept = make_respondent(), make_respondent()
    campaign = make_campaign(repeat="every", every_months=6)
    make_invitation(gone, campaign, send_at=NOW - 30 * DAY, state="sent")
    make_invitation(kept, campaign, send_at=NOW - 200 * DAY, state="sent")
    merge_persons(kept.person, gone.person, now=NOW, by=None)

    keys: dict[str, Any] = {"person_id__in": [kept.person_id]}
    for wanted in (keys, {"person_id__gt": 0, "person_id__lte": kept.person_id}):
        found = last_asked(campaign, wanted, merged=merges())
        assert found == {kept.person_id: NOW - 30 * DAY}
