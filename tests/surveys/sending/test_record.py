"""What becomes of an e-mail that was not simply accepted."""

from __future__ import annotations

import datetime as dt
import socket
import time
from zoneinfo import ZoneInfo

import pytest

from surveys.models import Attempt, Campaign, DeliveryEvent, Invitation, Slot
from surveys.sending.dispatch import dispatch_due
from surveys.sending.events.record import apply_events
from surveys.sending.sweeps import sweep
from surveys.sending.transports import current_transport
from surveys.services import slots
from tests.servers.fault_server import DROP, FaultServer
from tests.surveys.queued import MINUTE, queued, send, slot_of
from tests.world import (
    DAY,
    NOW,
    WINDOW,
    make_campaign,
    make_invitation,
    make_person,
    make_respondent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_refused_now_is_tried_again_on_the_backoff_table_with_one_message_id(mail_server, settings):
    """R7, R41."""
    [row] = queued()
    busy = {"rcpt": "450 4.2.1 later"}
    with FaultServer(busy) as server:
        mail_server(server.port)
        delays = []
        now = NOW
        while row.state != "failed":
            send([row], now=now)
            if row.state == "retry":
                assert slot_of(row).held_by == row
                assert slot_of(row).free_at <= now
                delays.append((row.send_at - now) / MINUTE)
                now = row.send_at

    assert (row.reason, row.attempts_made) == ("gave_up", len(delays) + 1)
    for delay, planned in zip(delays, [1, 5, 15, 60, 240, 720, 720], strict=False):
        assert planned * 0.8 <= delay <= planned * 1.2
    assert now - NOW <= DAY
    assert len(set(Attempt.objects.values_list("outcome", flat=True))) == 1
    assert not Slot.objects.filter(person=row.person, free_at__gt=NOW).exists()


def test_accepted_on_the_third_try_under_the_same_message_id(mail_server):
    [row] = queued()
    faults = [{"rcpt": "450 4.2.1 later"}, {"data": DROP}, {}]
    now = NOW
    ids = set()
    with FaultServer(*faults) as server:
        mail_server(server.port)
        for _ in faults:
            send([row], now=now)
            current_transport().close()
            ids.add(row.message_id)
            now = row.send_at if row.state == "retry" else now

        assert (row.state, row.attempts_made, len(ids)) == ("sent", 3, 1)
        assert server.accepted[0].count(ids.pop().encode()) >= 1
    assert (row.sent_at, slot_of(row).free_at) == (now, now + WINDOW)


NEW_YORK = ZoneInfo("America/New_York")


# A year of 8,760 hours later its clocks stand an hour apart from where they stood.
CLOCK_CHANGES = [
    dt.datetime(2026, 11, 2, 9, tzinfo=NEW_YORK),
    dt.datetime(2027, 3, 14, 1, 59, 59, tzinfo=NEW_YORK),
]


@pytest.mark.parametrize("now", CLOCK_CHANGES)
@pytest.mark.parametrize("lost", [False, True])
def test_window_is_8760_hours_for_a_worker_in_a_zone_that_changes_its_clocks(
    mail_server, now, lost
):
    """R48: adding to a local time would count by the wall clock."""
    [row] = queued()
    Invitation.objects.update(send_at=now)
    with FaultServer({"dot": DROP} if lost else {}) as server:
        mail_server(server.port)
        send([row], now=now)

    assert row.state == ("unknown" if lost else "sent")
    assert slot_of(row).free_at - row.sent_at == dt.timedelta(hours=8760)


def test_slow_name_service_delays_and_a_dead_one_is_tried_again(sink, monkeypatch):
    [row] = queued()
    real = socket.getaddrinfo
    answers = [lambda *_, **__: (_ for _ in ()).throw(socket.gaierror(-3, "try again")), real]

    def slow(*arguments, **options):
        time.sleep(0.3)
        return answers.pop(0)(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    assert send([row]) == {"retry": 1}
    assert (row.state, row.reason) == ("retry", "lost_at_connect")
    assert send([row], now=row.send_at) == {"sent": 1}
    assert len(sink.received) == 1


def test_server_that_never_takes_the_connection_is_tried_again(mail_server, settings):
    [row] = queued()
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        mail_server(port)
        settings.EMAIL_TIMEOUT = 0.3
        assert send([row]) == {"retry": 1}
        for each in waiting:
            each.close()

    assert row.reason in {"lost_at_connect", "lost_at_greeting"}
    assert slot_of(row).held_by == row


def test_lost_after_the_final_dot_is_unknown_and_counts(mail_server):
    [row] = queued()
    with FaultServer({"dot": DROP}) as server:
        mail_server(server.port)
        counts = send([row])

    assert (counts, row.state, row.sent_at) == ({"unknown": 1}, "unknown", NOW)
    assert (slot_of(row).free_at, slot_of(row).held_by) == (NOW + WINDOW, None)


def test_unknown_is_never_sent_again_by_the_machine(mail_server, sink):
    """R34: thirty days of ticks."""
    [row] = queued()
    with FaultServer({"dot": DROP}) as server:
        mail_server(server.port)
        send([row])
    mail_server(sink.port)
    for day in range(30):
        dispatch_due(now=NOW + day * DAY, foreground=True)
        sweep(now=NOW + day * DAY)

    row.refresh_from_db()
    assert (row.state, sink.received) == ("unknown", [])


def test_mailbox_that_does_not_exist_fails_and_suppresses(mail_server):
    [row] = queued()
    with FaultServer({"rcpt": "550 5.1.1 nobody"}) as server:
        mail_server(server.port)
        send([row])

    assert (row.state, row.reason) == ("failed", "550_at_rcpt")
    assert row.person.suppressions.get().reason == "bounced"
    assert not Slot.objects.filter(person=row.person, free_at__gt=NOW).exists()


def test_full_mailbox_suppresses_at_the_third_time_only(mail_server):
    person = make_person()
    with FaultServer({"rcpt": "552 5.2.2 full"}) as server:
        mail_server(server.port)
        for number in range(3):
            row = make_invitation(make_respondent(person))
            slots.reserve({person.pk: row.pk}, now=NOW)
            send([row], now=NOW + number * DAY)
            apply_events(now=NOW + number * DAY)
            assert person.suppressions.count() == (number == 2)

    assert DeliveryEvent.objects.filter(kind="refused", detail__bounce="soft").count() == 3


def test_refused_sender_pauses_the_campaign_and_loses_nobody(
    mail_server, django_user_model, mailoutbox
):
    creator = django_user_model.objects.create_user("cs@koe.example", role="cs")
    rows = queued(3, campaign=make_campaign(created_by=creator))
    with FaultServer({"mail": "550 5.7.1 not you"}) as server:
        mail_server(server.port)
        send(rows)

    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.state_reason) == ("paused", "550 5.7.1 not you")
    assert sorted(row.state for row in rows) == ["queued", "queued", "retry"]
    assert [mail.to for mail in mailoutbox] == [["cs@koe.example"]]
