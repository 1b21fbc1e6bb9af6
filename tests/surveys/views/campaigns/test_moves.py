from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import AuditEvent
from surveys.domain.states import CampaignState
from surveys.models import Campaign, Invitation, Slot
from tests.world import (
    make_campaign,
    make_respondent,
    queue,
)

pytestmark = pytest.mark.django_db


def test_launch_pause_resume_cancel_move_the_campaign(staff) -> None:
    campaign = make_campaign(state=CampaignState.DRAFT, starts_at=None)
    client = staff("cs")
    states = []

    for act in ("launch", "pause", "resume", "cancel"):
        client.post(f"/campaigns/{campaign.slug}/{act}/")
        campaign.refresh_from_db()
        states.append(campaign.state)

    assert states == ["running", "paused", "running", "cancelled"]
    actions = AuditEvent.objects.order_by("id").values_list("action", "actor__email")
    assert list(actions) == [
        (f"campaign.{act}", "cs@koe.example") for act in ("launch", "pause", "resume", "cancel")
    ]


def test_a_second_launch_says_that_it_cannot_be_done(staff) -> None:
    campaign = make_campaign(state=CampaignState.RUNNING)

    page = staff("cs").post(f"/campaigns/{campaign.slug}/launch/", follow=True)

    assert "this is not possible now" in page.content.decode()


def test_cancel_gives_back_the_slots_of_what_was_not_mailed(staff) -> None:
    invitation = queue(make_respondent())
    assert invitation is not None
    Campaign.objects.update(state=CampaignState.RUNNING)

    staff("cs").post(f"/campaigns/{invitation.campaign.slug}/cancel/")

    invitation.refresh_from_db()
    assert (invitation.state, invitation.reason) == ("cancelled", "campaign_cancelled")
    assert not Slot.objects.filter(held_by__isnull=False).exists()


def test_moves_are_posts(staff) -> None:
    campaign = make_campaign(state=CampaignState.DRAFT)

    response = staff("cs").get(f"/campaigns/{campaign.slug}/launch/")

    campaign.refresh_from_db()
    assert (response.status_code, campaign.state) == (405, "draft")


def test_trial_reaches_only_the_one_who_asked_for_it(staff, settings, sink) -> None:
    make_respondent()
    campaign = make_campaign(state=CampaignState.DRAFT)

    staff("cs").post(f"/campaigns/{campaign.slug}/test/", {"language": "ja"})

    assert sink.recipients == ["cs@koe.example"]
    assert not Invitation.objects.exists()


def test_a_new_campaign_is_dated_when_it_is_launched(staff) -> None:
    campaign = make_campaign(state=CampaignState.DRAFT, starts_at=None)
    before = dt.datetime.now(dt.UTC)

    staff("cs").post(f"/campaigns/{campaign.slug}/launch/")

    campaign.refresh_from_db()
    assert campaign.starts_at is not None
    assert campaign.starts_at >= before
