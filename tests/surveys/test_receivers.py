from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from common.databases.backup import restored
from surveys.domain.states import CampaignState
from tests.world import DAY, NOW, make_campaign

pytestmark = pytest.mark.django_db


def test_what_may_leave_again_after_a_restore_is_paused_and_says_why() -> None:
    running, draft = (make_campaign(state=each) for each in ("running", "draft"))

    restored.send(sender=object, made_at=NOW - DAY, now=NOW)

    for campaign in (running, draft):
        campaign.refresh_from_db()
    assert (running.state, draft.state) == (CampaignState.PAUSED, CampaignState.DRAFT)
    assert running.state_reason.startswith("Koe was restored from a backup of 23 Nov")
    assert len(running.state_reason) <= 200
    told = set(AuditEvent.objects.values_list("action", "target"))
    assert told == {
        ("database.restore", str((NOW - DAY).isoformat())),
        ("campaign.pause", running.slug),
    }
