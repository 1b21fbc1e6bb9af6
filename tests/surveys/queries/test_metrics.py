from __future__ import annotations

import datetime as dt

import pytest

from surveys.queries import metric_lines
from tests.world import NOW, make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def test_metrics_count_states_and_the_age_of_what_is_due():
    campaign = make_campaign()
    early = NOW - dt.timedelta(minutes=2)
    make_invitation(make_respondent(), campaign, send_at=early)
    make_invitation(make_respondent(), campaign, state="unknown")
    make_invitation(make_respondent(), make_campaign(state="paused"), send_at=early)

    lines = metric_lines(now=NOW)

    assert 'koe_invitations{state="queued"} 2' in lines
    assert 'koe_invitations{state="unknown"} 1' in lines
    assert 'koe_invitations{state="sent"} 0' in lines
    assert "koe_due_invitations 1" in lines
    assert "koe_oldest_due_seconds 120" in lines


def test_metrics_page_is_plain_text(client):
    page = client.get("/metrics")

    assert (page.status_code, page.content.startswith(b"# HELP koe_")) == (200, True)
