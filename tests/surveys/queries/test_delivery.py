from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from surveys.domain.mail.delivery import IN_FLIGHT_AT_MOST
from surveys.models import Invitation, Slot
from surveys.queries.delivery import balance, findings
from surveys.sending.batch import send_batch
from tests.surveys.helpers.queued import in_queue
from tests.world import (
    NOW,
    make_campaign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MINUTE = dt.timedelta(minutes=1)


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
    held, lost, sent = in_queue(), in_queue(), in_queue()
    send_batch([sent.pk], clock=lambda: NOW)
    Invitation.objects.filter(pk=held.pk).update(state="cancelled")
    Slot.objects.filter(held_by=lost).update(held_by=None)
    Slot.objects.filter(person=sent.person).update(free_at=NOW)

    assert list(findings(now=NOW)) == [
        "1 slots are held by invitations that wait for nothing",
        "1 waiting invitations hold no slot",
        "1 counted mails or answers have no slot that is busy for their window",
    ]


def test_balance_counts_every_state(sink, capsys):
    campaign = make_campaign()
    rows = [in_queue(campaign) for _ in range(4)]
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
    row = in_queue()
    in_queue()
    send_batch([row.pk], clock=lambda: NOW)

    assert list(findings(now=NOW)) == []
