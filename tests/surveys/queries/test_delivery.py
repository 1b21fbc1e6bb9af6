from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from surveys.domain.mail.delivery import IN_FLIGHT_AT_MOST
from surveys.models import Campaign, Invitation, Slot
from surveys.queries.delivery import balance, findings
from surveys.sending.batch import send_batch
from surveys.sending.claims import claim
from surveys.services import slots
from tests.world import (
    NOW,
    make_campaign,
    make_invitation,
    make_respondent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MINUTE = dt.timedelta(minutes=1)


def queued(campaign: Campaign | None = None, **fields) -> Invitation:
    row = make_invitation(make_respondent(), campaign, **fields)
    slots.reserve({row.person_id: row.pk}, now=NOW)
    return row


class WorkerKilled(BaseException):
    pass


@pytest.fixture
def stuck(sink, monkeypatch) -> Invitation:
    """Claimed by a worker that was lost with its machine after the mail was accepted."""
    row = queued()

    def killed(*_, **__):
        raise WorkerKilled

    with monkeypatch.context() as patch:
        patch.setattr(claim, "settle", killed)
        with pytest.raises(WorkerKilled):
            send_batch([row.pk], clock=lambda: NOW)
    row.refresh_from_db()
    assert (row.state, len(sink.received)) == ("sending", 1)
    return row


def test_stuck_is_found_by_the_check_until_the_sweep_comes(stuck, capsys):
    found = list(findings(now=NOW + IN_FLIGHT_AT_MOST + 2 * MINUTE))

    assert found == [
        "1 invitations are being sent for longer than the sweep allows",
        "1 attempts have been open for longer than the sweep allows",
    ]
    travel = time_machine.travel(NOW + IN_FLIGHT_AT_MOST + 2 * MINUTE, tick=False)
    with travel, pytest.raises(SystemExit) as end:
        call_command("check_deliveries")
    assert end.value.code == 1
    said = capsys.readouterr()
    assert "longer than the sweep allows" in said.err
    assert said.out.splitlines()[-1] == "campaigns=1 faults=2"


def test_check_finds_slots_that_do_not_fit(sink):
    held, lost, sent = queued(), queued(), queued()
    send_batch([sent.pk], clock=lambda: NOW)
    Invitation.objects.filter(pk=held.pk).update(state="cancelled")
    Slot.objects.filter(held_by=lost).update(held_by=None)
    Slot.objects.filter(person=sent.person).update(free_at=NOW)

    assert list(findings(now=NOW)) == [
        "1 slots are held by invitations that wait for nothing",
        "1 waiting invitations hold no slot",
        "1 counted mails have no slot that is busy for their window",
    ]


def test_balance_counts_every_state(sink, capsys):
    campaign = make_campaign()
    rows = [queued(campaign) for _ in range(4)]
    send_batch([rows[0].pk], clock=lambda: NOW)
    Invitation.objects.filter(pk=rows[1].pk).update(state="failed")

    found = balance(campaign)
    assert (found.planned, found.holds) == (4, True)
    assert {state: n for state, n in found.states.items() if n} == {
        "queued": 2,
        "sent": 1,
        "failed": 1,
    }
    Invitation.objects.filter(pk=rows[1].pk).update(state="lost")
    assert not balance(campaign).holds


def test_check_finds_nothing_where_each_mail_has_its_slot(sink):
    row = queued()
    queued()
    send_batch([row.pk], clock=lambda: NOW)

    assert list(findings(now=NOW)) == []
