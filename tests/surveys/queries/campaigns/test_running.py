from __future__ import annotations

import datetime as dt

import pytest

from surveys.domain.states import CampaignState
from surveys.models import Campaign
from surveys.queries.campaigns.running import (
    last_mail_at,
    next_mail_at,
    next_mails_of,
    resumption,
    running_campaigns,
)
from surveys.services.campaigns import states
from surveys.services.campaigns.reschedule import reschedule_due
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
    assert next_mails_of(list(Campaign.objects.all())) == {campaign.pk: NOW + HOUR}
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


def test_the_last_e_mail_is_that_of_those_that_wait() -> None:
    campaign = make_campaign()
    assert last_mail_at(campaign) is None
    make_invitation(make_respondent(), campaign, send_at=NOW + DAY)
    make_invitation(make_respondent(), campaign, state="sent", send_at=NOW + 2 * DAY)

    assert last_mail_at(campaign) == NOW + DAY


def test_what_a_resume_would_send_is_what_it_sends() -> None:
    hours = {"send_from": dt.time(9), "send_until": dt.time(18), "weekdays": [0, 1, 2, 3, 4]}
    paced = make_campaign(**hours, per_hour=1, starts_at=NOW - 10 * DAY)
    free = make_campaign(**hours)
    for campaign in (paced, free):
        for back in (9, 8):
            at = NOW - back * DAY
            make_invitation(make_respondent(), campaign, send_at=at, send_by=at + HOUR)
    saturday = NOW + 4 * DAY
    Campaign.objects.update(state=CampaignState.PAUSED)

    told = [resumption(each, now=saturday) for each in (paced, free)]
    for campaign in (paced, free):
        states.resume(campaign, by=None, now=saturday)
    reschedule_due(now=saturday)

    for campaign, found in zip((paced, free), told, strict=True):
        moments = sorted(campaign.invitations.values_list("send_at", flat=True))
        assert (found.surveys, found.first, found.last) == (2, moments[0], moments[-1])
        assert moments[0] > saturday + DAY
