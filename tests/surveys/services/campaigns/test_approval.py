"""A launch by two people, and what comes in between."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import AuditEvent, Organisation, StaffUser
from surveys.models import Campaign
from surveys.services.campaigns.approval import ask_for_second, take_back
from surveys.services.campaigns.plan import plan_due
from surveys.services.campaigns.states import (
    CampaignError,
    launch,
    pause,
    resume,
    update_campaign,
)
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_campaign, make_respondent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def of_three(above: int | None = 2) -> tuple[Campaign, StaffUser, StaffUser]:
    Organisation.objects.create(pk=1, approval_above=above)
    for _ in range(3):
        make_respondent()
    campaign = make_campaign(state="draft", starts_at=None)
    return campaign, make_staff("cs"), make_staff("admin")


def fresh(campaign: Campaign) -> Campaign:
    return Campaign.objects.get(pk=campaign.pk)


def test_who_asked_cannot_launch_and_somebody_else_can() -> None:
    campaign, one, other = of_three()

    for each in (one, other):
        with pytest.raises(CampaignError, match="asks more than 2 people"):
            launch(fresh(campaign), by=each, now=NOW)
    ask_for_second(fresh(campaign), by=one, now=NOW)
    with pytest.raises(CampaignError, match="two people launch it"):
        launch(fresh(campaign), by=one, now=NOW)
    launch(fresh(campaign), by=other, now=NOW)

    assert fresh(campaign).state == "running"
    told = AuditEvent.objects.filter(target=campaign.slug).values_list("action", "actor")
    assert {("campaign.approval_asked", one.pk), ("campaign.launch", other.pk)} <= set(told)
    event = AuditEvent.objects.get(action="campaign.launch")
    assert event.detail["asked_by"] == str(one)


def test_within_the_size_and_without_one_a_person_launches_alone() -> None:
    campaign, one, _other = of_three(above=3)
    launch(fresh(campaign), by=one, now=NOW)
    assert fresh(campaign).state == "running"


def test_a_change_or_a_withdrawal_takes_two_again_also_of_a_paused_one() -> None:
    campaign, one, other = of_three()
    ask_for_second(fresh(campaign), by=one, now=NOW)
    update_campaign(fresh(campaign), by=one, now=NOW, name="Wider")
    with pytest.raises(CampaignError):
        launch(fresh(campaign), by=other, now=NOW)
    ask_for_second(fresh(campaign), by=one, now=NOW)
    take_back(fresh(campaign), by=other, now=NOW)
    with pytest.raises(CampaignError):
        launch(fresh(campaign), by=other, now=NOW)
    ask_for_second(fresh(campaign), by=one, now=NOW)
    launch(fresh(campaign), by=other, now=NOW)

    # As it was launched, either resumes it; changed, it takes two again.
    pause(fresh(campaign), by=one, now=NOW)
    resume(fresh(campaign), by=one, now=NOW)
    pause(fresh(campaign), by=one, now=NOW)
    update_campaign(fresh(campaign), by=one, now=NOW, name="Wider still")
    for each in (one, other):
        with pytest.raises(CampaignError):
            resume(fresh(campaign), by=each, now=NOW)


def test_what_grew_after_it_was_counted_is_not_launched_by_one() -> None:
    campaign, one, _other = of_three()
    update_campaign(fresh(campaign), by=one, now=NOW, audience={"plan": ["none"]})
    counted = fresh(campaign)
    update_campaign(fresh(campaign), by=one, now=NOW, audience={})

    with pytest.raises(CampaignError):
        launch(counted, by=one, now=NOW)
    assert (fresh(campaign).state, fresh(campaign).approved_version) == ("draft", None)

    update_campaign(fresh(campaign), by=one, now=NOW, audience={"plan": ["none"]})
    launch(fresh(campaign), by=one, now=NOW)
    pause(fresh(campaign), by=one, now=NOW)
    counted = fresh(campaign)
    update_campaign(fresh(campaign), by=one, now=NOW, audience={})
    with pytest.raises(CampaignError):
        resume(counted, by=one, now=NOW)


def test_what_was_looked_at_is_what_is_asked_for() -> None:
    campaign, one, _other = of_three()
    seen = fresh(campaign)
    update_campaign(fresh(campaign), by=one, now=NOW, name="Changed")
    with pytest.raises(CampaignError, match="changed meanwhile"):
        ask_for_second(seen, by=one, now=NOW)


@pytest.mark.parametrize("between", ["edit", "take back"])
def test_a_change_at_the_moment_of_the_launch_stops_it(between: str) -> None:
    campaign, one, other = of_three()
    ask_for_second(fresh(campaign), by=one, now=NOW)
    told: list[Any] = []

    def second() -> None:
        try:
            launch(Campaign.objects.get(pk=campaign.pk), by=other, now=NOW)
        except CampaignError as error:
            told.append(error)
        finally:
            connection.close()

    waiting = threading.Thread(target=second)
    with transaction.atomic():
        if between == "edit":
            update_campaign(fresh(campaign), by=one, now=NOW + dt.timedelta(1), name="Changed")
        else:
            take_back(fresh(campaign), by=one, now=NOW)
        # It looks at what was committed, and waits with its update.
        waiting.start()
        time.sleep(0.5)
    waiting.join(30)

    assert fresh(campaign).state == "draft"
    assert len(told) == 1


def test_what_grows_beyond_what_one_launched_waits_for_two() -> None:
    """By an import, say: whom it would ask beyond that is not planned."""
    campaign, one, other = of_three(above=3)
    launch(fresh(campaign), by=one, now=NOW)
    plan_due(now=NOW)
    make_respondent()
    plan_due(now=NOW + DAY)

    held = fresh(campaign)
    assert (held.state, held.invitations.count()) == ("paused", 3)
    assert "has grown beyond what was launched" in held.state_reason
    with pytest.raises(CampaignError, match="asks more than 3 people"):
        resume(fresh(campaign), by=one, now=NOW + DAY)
    ask_for_second(fresh(campaign), by=one, now=NOW + DAY)
    resume(fresh(campaign), by=other, now=NOW + DAY)
    plan_due(now=NOW + DAY)
    assert (fresh(campaign).state, fresh(campaign).invitations.count()) == ("running", 4)


def test_what_two_launched_may_grow_by_what_one_may_ask() -> None:
    campaign, one, other = of_three(above=1)
    ask_for_second(fresh(campaign), by=one, now=NOW)
    launch(fresh(campaign), by=other, now=NOW)
    make_respondent()
    plan_due(now=NOW)
    assert (fresh(campaign).state, fresh(campaign).invitations.count()) == ("running", 4)

    # Paused by hand meanwhile, nobody resumes alone what has grown further.
    pause(fresh(campaign), by=one, now=NOW)
    make_respondent()
    with pytest.raises(CampaignError):
        resume(fresh(campaign), by=one, now=NOW)
    ask_for_second(fresh(campaign), by=one, now=NOW)
    resume(fresh(campaign), by=other, now=NOW)
    plan_due(now=NOW + DAY)
    assert (fresh(campaign).state, fresh(campaign).invitations.count()) == ("running", 5)


def test_a_command_or_a_program_launches_no_more_than_one_person_may() -> None:
    campaign, one, other = of_three()
    ask_for_second(fresh(campaign), by=one, now=NOW)
    with pytest.raises(CampaignError, match="two people launch it"):
        launch(fresh(campaign), by=None, now=NOW)
    launch(fresh(campaign), by=other, now=NOW)
    pause(fresh(campaign), by=None, now=NOW)
    resume(fresh(campaign), by=None, now=NOW)
    assert fresh(campaign).state == "running"
