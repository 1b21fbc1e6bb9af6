from __future__ import annotations

import pytest
from django.db import transaction

from config.celery import app
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Campaign, Invitation, Slot
from surveys.services import slots
from surveys.services.campaigns.states import CampaignError, cancel, create_campaign, launch
from tests.at_once import run_at_once
from tests.world import (
    DAY,
    NOW,
    WINDOW,
    claim,
    finish,
    make_campaign,
    make_invitation,
    make_respondent,
)

pytestmark = pytest.mark.django_db


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_campaigns_of_one_name_that_are_made_at_once_are_all_made() -> None:
    made: list[Campaign] = []
    run_at_once([lambda: made.append(create_campaign(name="Spring", by=None, now=NOW))] * 4)

    assert sorted(each.slug for each in made) == ["spring", "spring-2", "spring-3", "spring-4"]


def test_no_campaign_takes_the_address_of_a_page() -> None:
    assert create_campaign(name="New", by=None, now=NOW).slug == "new-2"
    with pytest.raises(CampaignError):
        create_campaign(name="New", slug="new", by=None, now=NOW)


@pytest.fixture
def enqueued(monkeypatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda name, **_: names.append(name))
    return names


@pytest.mark.django_db(transaction=True)
def test_planning_is_enqueued_after_the_launch_is_committed_and_never_before(enqueued):
    """R38: a launch that is rolled back leaves the broker empty."""
    campaign = make_campaign(state=CampaignState.DRAFT)
    with transaction.atomic():
        launch(campaign, by=None, now=NOW)
        transaction.set_rollback(True)
    campaign.refresh_from_db()
    assert (campaign.state, enqueued) == (CampaignState.DRAFT, [])

    with transaction.atomic():
        launch(campaign, by=None, now=NOW)
        assert enqueued == []
    assert enqueued == ["surveys.tasks.plan"]


def queued() -> Invitation:
    row = make_invitation(make_respondent(), make_campaign())
    slots.reserve({row.person_id: row.pk}, now=NOW)
    return row


def in_state(state: str) -> Invitation:
    row = queued()
    if state == "queued":
        return row
    if state in ("cancelled", "skipped"):
        slots.release([row.pk])
        Invitation.objects.filter(pk=row.pk).update(state=state)
        return row
    claim(row, now=NOW)
    if state == "retry":
        slots.unanchor([row.pk])
        Invitation.objects.filter(pk=row.pk).update(state=state, sent_at=None)
    elif state != "sending":
        finish(row, InvitationState(state), now=NOW)
    return row


# Where a cancel finds an invitation: what becomes of it, and whether its slot is busy afterwards.
CANCELLED = {
    "queued": ("cancelled", False),
    "retry": ("cancelled", False),  # certainly not accepted: its claim was taken back
    "sending": ("sending", True),
    "sent": ("sent", True),
    "unknown": ("unknown", True),
    "failed": ("failed", False),
    "cancelled": ("cancelled", False),
    "skipped": ("skipped", False),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("state", [each.value for each in InvitationState])
def test_cancel_frees_the_slots_of_what_certainly_was_not_mailed(state):
    """R40."""
    row = in_state(state)
    before = list(Slot.objects.order_by("pk").values_list("free_at", flat=True))
    cancel(row.campaign, by=None, now=NOW + DAY)

    row.refresh_from_db()
    expected, is_busy = CANCELLED[state]
    assert row.state == expected
    assert list(Slot.objects.order_by("pk").values_list("free_at", flat=True)) == before
    busy = Slot.objects.filter(free_at=NOW + WINDOW)
    assert busy.exists() == is_busy
    held = Slot.objects.filter(held_by=row)
    assert held.exists() == (state == "sending")
