"""The breaker of a campaign: too many bad addresses or complaints pause it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from surveys.models import Campaign, DeliveryEvent
from surveys.sending.breakers.campaigns import check_campaign
from surveys.services.campaigns.states import resume
from tests.world import DAY, NOW, SECOND, make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db
HARD = ("bounced", {"bounce": "hard"})
COMPLAINT: tuple[str, dict[str, Any]] = ("complained", {})


def mailed(campaign: Campaign, number: int, *, at: dt.datetime, events: int, event) -> None:
    """Mails of one day, with a hard bounce or a complaint for the first few."""
    kind, detail = event
    for each in range(number):
        row = make_invitation(
            make_respondent(), campaign, state="sent", claimed_at=at, sent_at=at + SECOND
        )
        if each < events:
            DeliveryEvent.objects.create(
                provider="test",
                event_id=str(row.pk),
                kind=kind,
                invitation=row,
                occurred_at=at + 3 * DAY,
                detail=detail,
            )


@pytest.mark.parametrize(("least", "event"), [(100, HARD), (1000, COMPLAINT)])
def test_resumed_campaign_is_judged_by_what_it_sent_since(least, event, monkeypatch):
    """R44: who resumed it knows of what was before; the old rates would pause it at once."""
    campaign = make_campaign()
    too_many = 6 if event == HARD else 2
    mailed(campaign, least, at=NOW, events=too_many, event=event)

    assert check_campaign(campaign.pk, now=NOW)
    assert not check_campaign(campaign.pk, now=NOW)
    resume(campaign, by=None, now=NOW + DAY)

    assert not check_campaign(campaign.pk, now=NOW + DAY)
    mailed(campaign, least - 1, at=NOW + 2 * DAY, events=too_many, event=event)
    assert not check_campaign(campaign.pk, now=NOW + 3 * DAY)
    mailed(campaign, 1, at=NOW + 3 * DAY, events=0, event=event)
    assert check_campaign(campaign.pk, now=NOW + 3 * DAY)
    campaign.refresh_from_db()
    assert campaign.state == "paused"
