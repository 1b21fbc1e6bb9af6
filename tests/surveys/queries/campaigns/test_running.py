from __future__ import annotations

import pytest

from surveys.domain.states import CampaignState
from surveys.models import Campaign
from surveys.queries.campaigns.running import next_mail_at, running_campaigns
from tests.world import DAY, HOUR, NOW, make_campaign, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_next_e_mail_is_the_first_of_invitations_and_reminders() -> None:
    campaign, quiet = make_campaign(), make_campaign()
    make_campaign(state=CampaignState.PAUSED)
    for state, moment in (("queued", NOW + DAY), ("retry", NOW + HOUR), ("sent", NOW)):
        make_invitation(make_respondent(), campaign, state=state, send_at=moment)
    make_invitation(make_respondent(), quiet, state="cancelled")

    found = running_campaigns(at_most=5)

    assert [(each.campaign, each.next_at) for each in found] == [
        (quiet, None), (campaign, NOW + HOUR),
    ]  # fmt: skip
    assert found[1].campaign.asked == 1  # type: ignore[attr-defined]
    make_invitation(
        make_respondent(), quiet, state="sent", reminder_state="queued", reminder_send_at=NOW
    )
    assert running_campaigns(at_most=1)[0].next_at == NOW


def test_a_campaign_that_only_reminds_still_has_a_next_e_mail_while_it_runs() -> None:
    campaign = make_campaign()
    assert next_mail_at(campaign) is None
    make_invitation(
        make_respondent(), campaign, state="sent", reminder_state="queued", reminder_send_at=NOW
    )

    running = next_mail_at(campaign)
    Campaign.objects.update(state=CampaignState.PAUSED)

    assert (running, next_mail_at(campaign)) == (NOW, None)
