from __future__ import annotations

import datetime as dt

import pytest

from surveys.domain.mail.obstacles import ObstacleKind
from surveys.models import DomainHealth
from surveys.queries.obstacles import sending_status
from tests.surveys.working import background_works
from tests.world import HOUR, NOW, make_campaign, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MINUTE = dt.timedelta(minutes=1)


def test_what_a_mail_server_did_not_take_waits_since_it_refuses() -> None:
    background_works(now=NOW)
    again = NOW + 15 * MINUTE
    DomainHealth.objects.create(domain="", open_until=again, failing_since=NOW - 40 * MINUTE)
    campaign = make_campaign()
    for send_at in (NOW - MINUTE, again, again + MINUTE):
        make_invitation(make_respondent(), campaign, send_at=send_at)
    make_invitation(
        make_respondent(), campaign, state="sent", reminder_state="queued", reminder_send_at=again
    )
    make_invitation(make_respondent(), make_campaign(state="paused"), send_at=NOW - HOUR)

    found = sending_status(now=NOW)

    assert (found.facts.waiting, found.facts.waiting_since) == (3, NOW - 40 * MINUTE)
    assert [(each.kind, each.next_try) for each in found.obstacles] == [
        (ObstacleKind.MAIL_SERVER, again)
    ]
    assert found.stops


def test_a_background_that_works_with_nothing_to_do_is_well() -> None:
    background_works(now=NOW)

    found = sending_status(now=NOW)

    assert (found.obstacles, found.facts.waiting, found.stops) == ([], 0, False)
    assert set(found.facts.workers) == {"mail", "plan", "imports", "reports", "short", "posts"}
