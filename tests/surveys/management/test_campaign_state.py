from __future__ import annotations

import argparse
import json

import pytest
from django.core.management import CommandError, call_command

from surveys.domain.states import CampaignState
from surveys.management.campaign_state import moment
from tests.world import make_campaign


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T09:00:00Z", "2026-11-24T09:00:00+00:00"),
        ("2026-11-24T18:00+09:00", "2026-11-24T18:00:00+09:00"),
        ("2026-11-24T18:00", "2026-11-24T18:00:00+09:00"),
        ("2026-11-24", "2026-11-24T00:00:00+09:00"),
    ],
)
def test_a_day_or_moment_without_an_offset_is_the_organisations(settings, text, expected) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"

    assert moment(text).isoformat() == expected


@pytest.mark.parametrize("text", ["soon", "2026-02-30", "2026-02-30T09:00"])
def test_what_is_no_day_is_an_error_that_names_it(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=text):
        moment(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        ("pause_campaign", CampaignState.RUNNING, CampaignState.PAUSED),
        ("resume_campaign", CampaignState.PAUSED, CampaignState.RUNNING),
        ("cancel_campaign", CampaignState.RUNNING, CampaignState.CANCELLED),
    ],
)
def test_a_state_command_moves_the_campaign(command, before, after, capsys) -> None:
    campaign = make_campaign(state=before)

    call_command(command, campaign.slug)

    campaign.refresh_from_db()
    assert campaign.state == after
    assert json.loads(capsys.readouterr().out) == {"slug": campaign.slug, "state": after.value}


@pytest.mark.django_db
def test_a_state_command_refuses_what_does_not_follow() -> None:
    campaign = make_campaign(state=CampaignState.FINISHED)

    with pytest.raises(CommandError, match="this is not possible now"):
        call_command("resume_campaign", campaign.slug)


@pytest.mark.django_db
def test_a_state_command_names_an_unknown_slug() -> None:
    with pytest.raises(CommandError, match="There is no campaign 'nobody'"):
        call_command("pause_campaign", "nobody")
