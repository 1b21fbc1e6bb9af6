"""What becomes of an e-mail that was not simply accepted."""

from __future__ import annotations

import datetime as dt
import socket
import time
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Person, Respondent, Suppression
from surveys.domain.mail.delivery import Phase
from surveys.models import Attempt, Campaign, DeliveryEvent, Invitation, Slot
from surveys.sending.dispatch import dispatch_due
from surveys.sending.events.provider_events import apply_events
from surveys.sending.not_accepted import put_off, record_outcome
from surveys.sending.sweeps import sweep
from surveys.sending.transports import current_transport
from surveys.sending.transports.base import Result
from surveys.sending.transports.smtp import classify
from surveys.sending.transports.smtp_connection import Reply
from surveys.services import slots
from tests.servers.fault_server import DROP, FaultServer
from tests.surveys.helpers.queued import (
    MINUTE,
    claimed,
    mail_ready,
    queued,
    send,
    slot_of,
    to_remind,
)
from tests.world import (
    DAY,
    NOW,
    SECOND,
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


def test_full_mailbox_suppresses_at_the_second_survey_only(mail_server):
    person = make_person()
    with FaultServer({"rcpt": "552 5.2.2 full"}) as server:
        mail_server(server.port)
        for number in range(2):
            row = make_invitation(make_respondent(person))
            slots.reserve({person.pk: row.pk}, now=NOW)
            send([row], now=NOW + number * DAY)
            apply_events(now=NOW + number * DAY)
            assert person.suppressions.count() == (number == 1)

    assert DeliveryEvent.objects.filter(kind="refused", detail__bounce="soft").count() == 2
    assert person.suppressions.get().until == NOW + 183 * DAY


def test_who_was_tried_in_vain_for_a_day_bounced_by_the_last_reply():
    row, mail = mail_ready()
    assert claimed(mail)
    record_outcome(mail, refusal(452, "4.2.2 full"), now=NOW)
    assert not DeliveryEvent.objects.exists()
    Invitation.objects.update(state="sending", attempts_made=1)

    record_outcome(mail, refusal(452, "4.2.2 full"), now=NOW + 2 * DAY)

    row.refresh_from_db()
    assert (row.state, row.reason) == ("failed", "gave_up")
    assert DeliveryEvent.objects.get().detail["bounce"] == "soft"


def test_a_refusal_of_what_we_are_pauses_the_campaign_and_holds_nothing_against_the_person(
    mail_server,
):
    [row] = queued()
    with FaultServer({"rcpt": "550 5.1.1 client host blocked using list.example"}) as server:
        mail_server(server.port)
        send([row])

    assert (row.state, Campaign.objects.get().state) == ("failed", "paused")
    assert not Suppression.objects.exists()


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


def refusal(code: int, text: str) -> Result:
    return classify(Reply(Phase.RCPT, code, text))


def test_retry_waits_for_the_hours_of_the_campaign_where_the_respondent_lives():
    tokyo = dt.timezone(dt.timedelta(hours=9))
    closes = dt.datetime(2026, 11, 25, 18, tzinfo=tokyo)
    row, mail = mail_ready()
    Campaign.objects.update(send_from=dt.time(9), send_until=dt.time(18))
    Respondent.objects.update(time_zone="Asia/Tokyo")
    assert claimed(mail, now=closes - SECOND)

    record_outcome(mail, refusal(450, "4.2.1 later"), now=closes - SECOND)

    row.refresh_from_db()
    assert (row.state, row.send_by) == ("retry", closes + DAY)
    assert row.send_at == closes + dt.timedelta(hours=15)
    assert slot_of(row).free_at < NOW


def test_answer_to_an_earlier_attempt_changes_nothing_but_that_attempt():
    row, mail = mail_ready()
    assert claimed(mail)
    Invitation.objects.filter(pk=row.pk).update(attempts_made=2)

    record_outcome(mail, refusal(554, "5.7.1 no"), now=NOW)

    row.refresh_from_db()
    assert (row.state, row.reason, slot_of(row).held_by) == ("sending", "", row)
    assert Attempt.objects.get().outcome == "failed"


def test_reply_about_somebody_who_was_erased_meanwhile_is_not_kept():
    """It names the address."""
    row, mail = mail_ready()
    assert claimed(mail)
    Person.objects.filter(pk=row.person_id).update(erased_at=NOW)

    record_outcome(mail, refusal(550, "5.1.1 alex@example.com unknown"), now=NOW)

    assert (Attempt.objects.get().code, Attempt.objects.get().reply) == (550, "")
    assert DeliveryEvent.objects.get().detail["reply"] == ""
    assert Suppression.objects.get().source == "address gone: 550"


def test_refused_reminder_leaves_its_survey_sent():
    row, mail = mail_ready()
    assert claimed(mail)
    reminder = to_remind(row)
    assert claimed(reminder)

    record_outcome(reminder, refusal(554, "5.7.1 no"), now=NOW)

    row.refresh_from_db()
    assert (row.state, row.reason) == ("sent", "")
    assert (row.reminder_state, row.reminded_at) == ("failed", None)


def test_put_off_moves_what_waits_and_is_earlier_and_nothing_else():
    until = NOW + MINUTE
    for state, at in (("queued", NOW), ("queued", until + SECOND), ("sending", NOW)):
        row, mail = mail_ready()
        Invitation.objects.filter(pk=row.pk).update(state=state, send_at=at, dispatched_at=NOW)
        put_off(mail, until=until)
        row.refresh_from_db()
        expected = (until, None) if (state, at) == ("queued", NOW) else (at, NOW)
        assert (row.send_at, row.dispatched_at) == expected


def test_put_off_reminder_keeps_the_moment_of_its_survey():
    row, mail = mail_ready()
    assert claimed(mail)
    put_off(to_remind(row), until=NOW + MINUTE)

    row.refresh_from_db()
    assert (row.send_at, row.reminder_send_at) == (NOW, NOW + MINUTE)
