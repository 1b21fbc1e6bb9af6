"""A batch: what is claimed by one commit, handed over one by one and written down."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from accounts.models import Dimension
from surveys.domain.frequency import NEVER_USED
from surveys.domain.states import CampaignState
from surveys.models import Attempt, Campaign, Invitation
from surveys.queries.calendar.clock import WrongClock, database_now
from surveys.queries.delivery import findings
from surveys.sending.batch import send_batch
from surveys.sending.claims import claim
from surveys.sending.compiled import Statement
from surveys.sending.transports import current_transport
from surveys.sending.transports.maildir import MaildirTransport
from tests.servers.fault_server import FaultServer
from tests.servers.sink import message_id_of
from tests.staffing import make_staff
from tests.surveys.helpers.queued import MINUTE, before_the_turn_of, queued, send, slot_of
from tests.world import DAY, NOW, WINDOW, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_due_invitation_is_sent_once_and_all_is_written_down(sink):
    Dimension.objects.create(name="contract", source="customer", attribute="contract")
    [row] = queued(customer=make_customer(attributes={"contract": "enterprise"}))
    Campaign.objects.update(from_address="cs@koe.example")

    counts = send([row])
    again = send([row])

    assert (counts, again) == ({"sent": 1}, {})
    assert sink.recipients == [row.respondent.email]
    # SPF is asked of the envelope: without a BOUNCE_ADDRESS it is whom the e-mail is from.
    assert sink.received[0].sender == "cs@koe.example"
    assert sink.message_ids == [row.message_id]
    assert (row.state, row.sent_at, row.claimed_at, row.attempts_made) == ("sent", NOW, NOW, 1)
    assert row.attributes["contract"] == "enterprise"
    assert row.profile.values == {"contract": "enterprise"}
    attempt = Attempt.objects.get()
    assert (attempt.phase, attempt.code, attempt.outcome) == ("accepted", 250, "sent")
    assert (slot_of(row).free_at, slot_of(row).held_by) == (NOW + WINDOW, None)
    assert list(findings(now=NOW)) == []


@pytest.mark.parametrize("kind", Attempt.Kind)
def test_nothing_leaves_in_the_name_of_a_domain_that_is_ours_no_more(kind, sink, mailoutbox):
    """The environment of the server names another sender since, say."""
    rows = queued(2)
    if kind is Attempt.Kind.REMINDER:
        before_now = {"state": "sent", "sent_at": NOW - DAY, "reminder_state": "queued"}
        Invitation.objects.update(**before_now, reminder_send_at=NOW)
    Campaign.objects.update(from_address="cs@was-ours.example", created_by=make_staff("cs"))

    assert send(rows, kind=kind) == {"not_claimed": 2}

    campaign = Campaign.objects.get()
    assert (campaign.state, sink.received) == ("paused", [])
    assert "sent from addresses of koe.example" in campaign.state_reason
    assert len(mailoutbox) == 1


def test_whole_batch_goes_over_one_connection(mail_server):
    with FaultServer() as server:
        mail_server(server.port)
        counts = send(queued(5))

        assert (counts, server.connections, len(server.accepted)) == ({"sent": 5}, 1, 5)


def test_slow_batch_leaves_the_rest_to_the_next_tick(sink):
    rows = queued(3)
    ticks = iter(range(1000))
    counts = send_batch(
        [row.pk for row in rows], clock=lambda: NOW + next(ticks) * dt.timedelta(seconds=8)
    )

    assert (counts["sent"], len(sink.received)) == (1, 1)


def test_pause_holds_from_the_next_mail_on(sink, monkeypatch):
    """R39."""
    rows = queued(3)

    def pause():
        states = Invitation.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["sending", "sending", "sending"]
        Campaign.objects.update(state=CampaignState.PAUSED)

    before_the_turn_of(rows[1], monkeypatch, pause)
    send(rows)

    assert [row.state for row in rows] == ["sent", "queued", "queued"]
    assert [row.attempts_made for row in rows] == [1, 0, 0]
    assert sink.recipients == [rows[0].email]
    assert Attempt.objects.count() == 1
    assert {slot_of(row).free_at for row in rows[1:]} == {NEVER_USED}
    assert list(findings(now=NOW)) == []


def test_sigterm_finishes_the_mail_in_hand_and_takes_no_other(sink):
    """R45."""
    rows = queued(3)
    seen = []
    before = signal.signal(signal.SIGTERM, lambda *_: seen.append("after"))
    try:
        sink.recorder.handle_DATA = _terminating(sink.recorder.handle_DATA)
        send(rows)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert [row.state for row in rows] == ["sent", "queued", "queued"]
    assert seen == ["after"]


def _terminating(handle):
    async def kill_then_take(*arguments):
        os.kill(os.getpid(), signal.SIGTERM)
        return await handle(*arguments)

    return kill_then_take


@pytest.mark.django_db(transaction=True)
def test_eight_workers_with_the_same_batch_send_each_mail_once(sink):
    rows = queued(40)
    ids = [row.pk for row in rows]
    start = threading.Barrier(8)

    def work():
        try:
            start.wait()
            send_batch(ids, clock=lambda: NOW)
        finally:
            current_transport().close()
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(sink.message_ids) == sorted(
        Invitation.objects.values_list("message_id", flat=True)
    )
    assert set(Invitation.objects.values_list("state", flat=True)) == {"sent"}
    assert Attempt.objects.count() == 40


def test_full_disk_of_the_database_stops_sending_before_any_word(sink, monkeypatch):
    rows = queued(2)

    def full(*_, **__):
        raise OperationalError("could not extend file: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Statement, "run", full)
        patch.setattr(claim, "retry", lambda work: work())
        with pytest.raises(OperationalError, match="No space left"):
            send(rows)

    assert sink.received == []
    assert {row.state for row in Invitation.objects.all()} == {"queued"}


def test_without_a_clock_of_its_own_the_databases_stamps_everything(sink):
    before = database_now()
    [row] = queued()
    Invitation.objects.update(send_at=before)
    counts = send_batch([row.pk])
    after = database_now()
    row.refresh_from_db()

    assert dict(counts) == {"sent": 1}
    assert before <= row.claimed_at <= row.sent_at <= after
    assert slot_of(row).free_at - row.sent_at == WINDOW
    attempt = Attempt.objects.get()
    assert (attempt.started_at, attempt.ended_at) == (row.claimed_at, row.sent_at)


@pytest.mark.parametrize("off", [2 * MINUTE, -2 * MINUTE])
def test_worker_whose_clock_is_off_from_the_databases_refuses_to_send(sink, monkeypatch, off):
    [row] = queued()
    Invitation.objects.update(send_at=NOW - DAY)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + off)

    with pytest.raises(WrongClock, match="off the database"):
        send_batch([row.pk])
    row.refresh_from_db()
    assert (row.state, sink.received) == ("queued", [])


def test_second_transport_carries_the_same_mails(tmp_path):
    rows = queued(2)
    counts = send(rows, transport=MaildirTransport(tmp_path))

    assert (counts, [row.state for row in rows]) == ({"sent": 2}, ["sent", "sent"])
    kept = [path.read_bytes() for path in (tmp_path / "new").iterdir()]
    assert sorted(message_id_of(each) for each in kept) == sorted(row.message_id for row in rows)
    assert {attempt.phase for attempt in Attempt.objects.all()} == {"kept"}


def test_transport_that_cannot_keep_a_mail_leaves_it_to_be_tried_again(tmp_path):
    [row] = queued()
    (tmp_path / "new").write_text("in the way")
    counts = send([row], transport=MaildirTransport(tmp_path))

    assert (counts, row.state, row.reason) == ({"retry": 1}, "retry", "lost_at_writing")
    assert (slot_of(row).held_by, slot_of(row).free_at) == (row, NEVER_USED)
