from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Organisation
from surveys.domain.states import CampaignState
from surveys.models import Campaign, Invitation, Slot
from surveys.services.campaigns.states import update_campaign
from tests.world import (
    DAY,
    NOW,
    make_campaign,
    make_invitation,
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


def test_a_paused_campaign_says_before_it_is_resumed_what_leaves_and_whom_it_reminds(staff) -> None:
    campaign = make_campaign(state=CampaignState.PAUSED, reminder_after_days=3)
    sent = timezone.now() - 5 * DAY
    make_invitation(make_respondent(), campaign, state="sent", sent_at=sent)
    make_invitation(make_respondent(), campaign, send_at=sent)

    html = staff("cs").get(f"/campaigns/{campaign.slug}/").content.decode()

    assert "Resume now? 1 e-mail waits. All leave on" in html
    assert "1 person is reminded as soon as the hours allow it." in html


def test_a_draft_says_in_its_launch_when_and_how_many_and_can_be_deleted_or_copied(staff) -> None:
    for _ in range(3):
        make_respondent()
    campaign = make_campaign(
        state=CampaignState.DRAFT, per_hour=1, send_from=dt.time(9), send_until=dt.time(11),
        reminder_after_days=5, weekdays=[0, 2], holidays_of="JP",
    )  # fmt: skip
    client = staff("cs")

    html = client.get(f"/campaigns/{campaign.slug}/").content.decode()
    copied = client.post(f"/campaigns/{campaign.slug}/duplicate/")
    deleted = client.post(f"/campaigns/{campaign.slug}/delete/", follow=True)

    question = html.split('data-confirm="')[1].split('"')[0]
    assert "3 people will be asked." in question
    assert "First 20" in question
    assert "At most 2 on one day." in question
    assert "Whoever has not answered 5 days after their e-mail is reminded once." in question
    assert "Monday, Wednesday" in html
    assert "Japan" in html
    assert [each.state for each in Campaign.objects.all()] == ["draft"]
    assert copied.headers["Location"].startswith("/campaigns/copy-of-")
    assert "has been deleted" in deleted.content.decode()


def test_the_page_of_a_large_draft_asks_for_a_second_person(staff) -> None:
    Organisation.objects.create(pk=1, approval_above=1)
    for _ in range(2):
        make_respondent()
    campaign = make_campaign(state="draft")
    path = f"/campaigns/{campaign.slug}/"
    one, other = staff("cs"), staff("admin")

    assert "Ask a second person to launch" in one.get(path).content.decode()
    one.post(f"{path}second/")
    page = one.get(path).content.decode()
    assert "You asked for a second person" in page
    assert "/launch/" not in page
    assert "Waits for a second person" in other.get("/").content.decode()
    assert "/launch/" in other.get(path).content.decode()
    one.post(f"{path}launch/")
    assert Campaign.objects.get().state == "draft"
    other.post(f"{path}launch/")
    assert Campaign.objects.get().state == "running"


def test_who_agrees_to_a_launch_agrees_to_what_their_page_showed(staff) -> None:
    Organisation.objects.create(pk=1, approval_above=1)
    for _ in range(2):
        make_respondent()
    campaign = make_campaign(state="draft", starts_at=None)
    one, other = staff("cs"), staff("admin")
    path = f"/campaigns/{campaign.slug}/"
    asks = {"version": hidden_version(one.get(path))}
    one.post(f"{path}second/", asks)
    agrees = {"version": hidden_version(other.get(path))}

    # Changed and asked for anew behind the open page of whoever is to agree.
    update_campaign(campaign, by=None, now=NOW, name="Wider")
    one.post(f"{path}second/", asks)
    campaign.refresh_from_db()
    assert campaign.approval_version == 1
    one.post(f"{path}second/", {"version": "2"})
    other.post(f"{path}launch/", agrees)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.approval_version) == ("draft", 2)

    other.post(f"{path}launch/", {"version": hidden_version(other.get(path))})
    campaign.refresh_from_db()
    assert campaign.state == "running"


def hidden_version(page: Any) -> str:
    [found] = set(re.findall(r'name="version" value="(\d+)"', page.content.decode()))
    return str(found)
