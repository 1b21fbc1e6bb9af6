from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import threading
import time
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from accounts.domain.contactability import SuppressionReason
from accounts.models import Dimension, Person, Suppression
from accounts.services.suppression import suppress
from surveys.domain.frequency import NEVER_USED
from surveys.domain.states import CampaignState
from surveys.models import Attempt, Campaign, DeliveryEvent, DomainHealth, Invitation, Slot
from surveys.queries.clock import WrongClock, database_now
from surveys.queries.delivery import findings
from surveys.sending import batch, claim
from surveys.sending.batch import send_batch
from surveys.sending.compiled import Statement
from surveys.sending.transports import current_transport
from surveys.sending.transports.maildir import MaildirTransport
from surveys.services import slots
from surveys.services.campaigns.states import cancel
from tests.servers.fault_server import DROP, FaultServer
from tests.servers.sink import message_id_of
from tests.world import (
    DAY,
    NOW,
    SECOND,
    WINDOW,
    make_campaign,
    make_customer,
    make_invitation,
    make_person,
    make_respondent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MINUTE = dt.timedelta(minutes=1)


def queued(number: int = 1, **fields) -> list[Invitation]:
    """Invitations of one running campaign, each holding a slot."""
    campaign = fields.pop("campaign", None) or make_campaign()
    rows = []
    for _ in range(number):
        respondent = make_respondent(customer=fields.get("customer"), name="Alex")
        rows.append(make_invitation(respondent, campaign))
        slots.reserve({rows[-1].person_id: rows[-1].pk}, now=NOW)
    return rows


def send(rows: list[Invitation], *, now: dt.datetime = NOW, **options):
    counts = send_batch([row.pk for row in rows], clock=lambda: now, **options)
    for row in rows:
        row.refresh_from_db()
    return dict(+counts)


def slot_of(row: Invitation) -> Slot | None:
    """The slot it holds, else the one that is busy longest."""
    mine = Slot.objects.filter(held_by=row).first()
    return mine or Slot.objects.filter(person=row.person_id).order_by("-free_at").first()


def test_due_invitation_is_sent_once_and_all_is_written_down(sink):
    Dimension.objects.create(name="contract", source="customer", attribute="contract")
    [row] = queued(customer=make_customer(attributes={"contract": "enterprise"}))

    counts = send([row])
    again = send([row])

    assert (counts, again) == ({"sent": 1}, {})
    assert sink.recipients == [row.respondent.email]
    assert sink.message_ids == [row.message_id]
    assert (row.state, row.sent_at, row.claimed_at, row.attempts_made) == ("sent", NOW, NOW, 1)
    assert row.attributes["contract"] == "enterprise"
    assert row.profile.values == {"contract": "enterprise"}
    attempt = Attempt.objects.get()
    assert (attempt.phase, attempt.code, attempt.outcome) == ("accepted", 250, "sent")
    assert (slot_of(row).free_at, slot_of(row).held_by) == (NOW + WINDOW, None)
    assert list(findings(now=NOW)) == []


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


def test_not_due_yet_is_not_sent(sink):
    [row] = queued()
    send([row], now=NOW - SECOND)

    assert (row.state, sink.received) == ("queued", [])


@pytest.mark.parametrize("state", ["draft", "paused", "finished"])
def test_only_a_running_campaign_sends(sink, state):
    [row] = queued(campaign=make_campaign(state=state))

    assert send([row]) == {"not_claimed": 1}
    assert (row.state, sink.received, Attempt.objects.count()) == ("queued", [], 0)
    assert slot_of(row).held_by == row


def before_the_turn_of(row: Invitation, monkeypatch, happens) -> None:
    """After the batch was read, while the e-mails before this one are sent."""
    real = claim.begin

    def beginning(mail, **rest):
        if mail.invitation_id == row.pk:
            happens()
        return real(mail, **rest)

    monkeypatch.setattr(claim, "begin", beginning)


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


def test_cancel_within_a_batch_cancels_the_mails_after_the_one_in_hand(sink, monkeypatch):
    """R39."""
    rows = queued(4)
    before_the_turn_of(rows[1], monkeypatch, lambda: cancel(rows[1].campaign, by=None, now=NOW))
    counts = send(rows)

    assert counts["sent"] == 1
    assert [row.state for row in rows] == ["sent", *["cancelled"] * 3]
    assert {row.reason for row in rows[1:]} == {"campaign_cancelled"}
    assert sink.recipients == [rows[0].email]
    assert not Slot.objects.filter(held_by__in=rows).exists()
    assert list(findings(now=NOW)) == []


def merge_away(row: Invitation) -> None:
    Slot.objects.filter(held_by=row).update(held_by=None)


def opt_out(row: Invitation) -> None:
    suppress(row.person, SuppressionReason.OPTED_OUT, now=NOW)


def erase(row: Invitation) -> None:
    Person.objects.filter(pk=row.person_id).update(erased_at=NOW)


def end(row: Invitation) -> None:
    Campaign.objects.update(ends_at=NOW)


def shut_domain(row: Invitation) -> None:
    DomainHealth.objects.create(domain="example.com", open_until=NOW + MINUTE)


def let_the_hours_pass(row: Invitation) -> None:
    Invitation.objects.filter(pk=row.pk).update(send_by=NOW)


def edit_the_hours(row: Invitation) -> None:
    Campaign.objects.update(reschedule_from=NOW)


STOPS = [merge_away, opt_out, erase, end, shut_domain, let_the_hours_pass, edit_the_hours]


@pytest.mark.parametrize("fact", STOPS)
def test_what_happens_within_a_batch_stops_the_mails_after_it(sink, monkeypatch, fact):
    """R4."""
    rows = queued(2)
    before_the_turn_of(rows[1], monkeypatch, lambda: fact(rows[1]))
    send(rows)

    assert sink.recipients == [rows[0].email]
    assert rows[1].state in {"queued", "skipped"}
    assert Attempt.objects.filter(invitation=rows[1]).count() == 0


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_suppressed_person_is_skipped_with_the_reason_and_keeps_a_free_slot(sink, reason):
    [row, other] = queued(2)
    suppress(row.person, reason, now=NOW)

    assert send([row, other]) == {"skipped": 1, "sent": 1}
    expected = "suppressed" if reason == "manual" else reason.value
    assert (row.state, row.reason, row.settled_at) == ("skipped", expected, NOW)
    assert sink.recipients == [other.email]
    assert not Slot.objects.filter(person=row.person, free_at__gt=NOW).exists()
    assert Attempt.objects.filter(invitation=row).count() == 0


def test_opt_out_between_reading_and_claiming_stops_the_mail(sink, monkeypatch):
    """R4: the claim looks at the opt-out itself."""
    [row] = queued()
    build = batch.build

    def opting_out(mail, template, **rest):
        suppress(row.person, SuppressionReason.OPTED_OUT, now=NOW)
        return build(mail, template, **rest)

    monkeypatch.setattr(batch, "build", opting_out)

    assert send([row]) == {"skipped": 1}
    assert (row.state, row.reason, sink.received) == ("skipped", "opted_out", [])


def test_lifted_suppression_does_not_stop_mail(sink):
    [row] = queued()
    suppress(row.person, SuppressionReason.BOUNCED, now=NOW)
    Suppression.objects.update(lifted_at=NOW)

    assert send([row]) == {"sent": 1}


def test_customer_that_is_gone_is_skipped(sink):
    [row] = queued(customer=make_customer(churned_on=NOW.date()))

    assert send([row]) == {"skipped": 1}
    assert (row.state, row.reason) == ("skipped", "churned_customer")


def test_erased_person_is_skipped(sink):
    [row] = queued()
    row.person.erased_at = NOW
    row.person.save()

    assert send([row]) == {"skipped": 1}
    assert (row.state, row.reason, sink.received) == ("skipped", "erased", [])


def test_invitation_without_a_slot_is_never_sent(sink):
    [row] = queued()
    Slot.objects.update(held_by=None)

    assert send([row]) == {"skipped": 1}
    assert (row.state, row.reason, row.attempts_made) == ("skipped", "capped", 0)
    assert (sink.received, Attempt.objects.count()) == ([], 0)


def test_slot_that_is_not_free_now_is_never_anchored_again(sink):
    [row] = queued()
    Slot.objects.filter(held_by=row).update(free_at=NOW + SECOND)

    assert send([row]) == {"not_claimed": 1}
    assert (row.state, row.attempts_made, sink.received) == ("queued", 0, [])


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
    from surveys.sending.dispatch import dispatch_due
    from surveys.sending.sweeps import sweep

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
            from surveys.sending.events.record import apply_events

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


def test_domain_breaker_opens_for_one_domain_and_lets_one_probe_through(mail_server):
    """R42."""
    rows = []
    for number in range(8):
        respondent = make_respondent(make_person(f"p{number}@busy.example"))
        rows += [make_invitation(respondent)]
        slots.reserve({rows[-1].person_id: rows[-1].pk}, now=NOW)
    other = queued(1)
    with FaultServer({"rcpt": "421 4.7.0 busy"}) as server:
        mail_server(server.port)
        counts = send(rows)
        assert counts == {"retry": 5, "put_off": 3}

        server.scripts = [{}]
        assert send(other) == {"sent": 1}
        assert send(rows[5:], now=NOW + 4 * MINUTE) == {"put_off": 3}
        probe = NOW + 5 * MINUTE
        assert {row.send_at for row in rows[5:]} == {probe}
        server.scripts = [{"rcpt": "421 4.7.0 busy"}]
        current_transport().close()
        assert send(rows[5:], now=probe) == {"retry": 1, "put_off": 2}
        server.scripts = [{}]
        assert send(rows[6:], now=probe + 15 * MINUTE) == {"sent": 2}


def test_dead_mail_server_opens_our_own_breaker_and_blames_no_domain(mail_server):
    from surveys.models import DomainHealth
    from tests.servers.services import free_port

    rows = queued(7)
    mail_server(free_port())

    assert send(rows) == {"retry": 5, "put_off": 2}
    assert list(DomainHealth.objects.values_list("domain", flat=True)) == [""]


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


def test_result_of_a_mail_that_the_sweep_gave_up_still_counts(sink, monkeypatch):
    from surveys.sending.recovery import settle_lost

    [row] = queued()
    real = claim.settle
    given_up: list[int] = []

    def late(accepted, **rest):
        if accepted and not given_up:
            given_up.append(settle_lost(now=NOW + 16 * MINUTE))
        real(accepted, **rest)

    monkeypatch.setattr(claim, "settle", late)
    send([row])

    assert (given_up, row.state) == ([1], "sent")
    assert Attempt.objects.get().outcome == "sent"
    assert list(findings(now=NOW)) == []


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
