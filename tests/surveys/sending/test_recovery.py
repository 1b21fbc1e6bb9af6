"""What a killed sender leaves: one e-mail in doubt, and no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from surveys.domain.mail.delivery import IN_FLIGHT_AT_MOST
from surveys.domain.timing import TimingError
from surveys.models import Attempt, Invitation, Sender, Slot
from surveys.queries.delivery import findings
from surveys.sending import batch, not_accepted
from surveys.sending.batch import send_batch
from surveys.sending.claims import claim
from surveys.sending.recovery import settle_lost
from surveys.sending.transports import current_transport
from surveys.sending.transports.smtp import SmtpTransport
from surveys.sending.transports.smtp_connection import Connection
from surveys.services import slots
from tests.servers.fault_server import DROP, FaultServer
from tests.surveys.helpers.queued import queued
from tests.world import DAY, NOW, SECOND, WINDOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


class Killed(BaseException):
    """Ends a batch at one point; nothing of what the batch would still do is done."""


def die_again(*_: object, **__: object) -> None:
    raise Killed


def send_until_killed(rows: list[Invitation], monkeypatch) -> None:
    """As by SIGKILL: no clean-up runs."""
    with monkeypatch.context() as patch:
        patch.setattr(batch._Batch, "settle", die_again)
        patch.setattr("surveys.sending.recovery.give_back", die_again)
        patch.setattr("surveys.sending.not_accepted.record_outcome", die_again)
        with pytest.raises(Killed):
            send_batch([row.pk for row in rows], clock=lambda: NOW)
    current_transport().close()


def kill_at(monkeypatch, where: object, name: str, *, call: int, after: bool = False) -> None:
    real: Callable[..., object] = getattr(where, name)
    calls = []

    def killing(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == call and not after:
            raise Killed
        result = real(*args, **kwargs)
        if len(calls) == call:
            raise Killed
        return result

    monkeypatch.setattr(where, name, killing)


def outcome(rows: list[Invitation], *, at: dt.datetime) -> list[str]:
    settle_lost(now=at)
    for row in rows:
        row.refresh_from_db()
    return [row.state for row in rows]


LATER = NOW + IN_FLIGHT_AT_MOST + SECOND
# Where a kill finds the third of five mails (of the claims it is the second group of two), what is
# left of them once their sender is known to be gone, and what the server has.
KILLS = {
    "before the claim": (claim, "settle_and_claim", 2, False, ["sent", "unknown", "queued"], 2),
    "after the claim": (claim, "settle_and_claim", 2, True, ["sent", "unknown", "queued"], 2),
    "before it begins": (claim, "begin", 3, False, ["sent", "unknown", "queued"], 2),
    "after it has begun": (claim, "begin", 3, True, ["sent", "sent", "unknown"], 2),
    "before any word": (SmtpTransport, "send", 3, False, ["sent", "sent", "unknown"], 2),
    "before the body": (Connection, "_write", 3, False, ["sent", "sent", "unknown"], 2),
    "after the answer": (SmtpTransport, "send", 3, True, ["sent", "sent", "unknown"], 3),
}


@pytest.mark.parametrize("group", [2, 50])
@pytest.mark.parametrize("kill", KILLS)
def test_killed_sender_leaves_at_most_the_mail_in_hand_unknown(sink, monkeypatch, kill, group):
    where, name, call, after, states, received = KILLS[kill]
    if "claim" in kill and group != 2:
        return
    rows = queued(5)
    with monkeypatch.context() as patch:
        patch.setattr(batch, "GROUP", group)
        kill_at(patch, where, name, call=call, after=after)
        send_until_killed(rows, monkeypatch)
    left = outcome(rows, at=LATER)
    if group == 2 and kill in ("after the claim", "before it begins"):
        # The commit of the claim has settled the two before.
        states = ["sent", "sent", "queued"]

    assert left == [*states, "queued", "queued"]
    assert [row.attempts_made for row in rows] == [int(state != "queued") for state in left]
    send_batch([row.pk for row in rows], clock=lambda: LATER)
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == [
        "unknown" if state == "unknown" else "sent" for state in left
    ]
    assert left.count("unknown") <= 1
    assert len(sink.received) == received + left.count("queued")
    assert len(sink.message_ids) == len(set(sink.message_ids))
    assert not Attempt.objects.filter(outcome="").exists()
    assert not Sender.objects.exists()
    assert list(findings(now=LATER)) == []
    busy = Slot.objects.filter(person__in=[row.person_id for row in rows], free_at__gt=LATER)
    assert min(slot.free_at for slot in busy) >= NOW + WINDOW
    assert len(busy) == 5


@pytest.mark.parametrize("loss", ["its row is gone", "it was of another run of the machine"])
def test_crash_of_the_database_makes_all_that_a_sender_had_in_hand_unknown(sink, monkeypatch, loss):
    """What was begun is not known any more: nobody is mailed twice for it."""
    rows = queued(4)
    with monkeypatch.context() as patch:
        kill_at(patch, SmtpTransport, "send", call=2)
        send_until_killed(rows, monkeypatch)
    if loss == "its row is gone":
        Sender.objects.all().delete()
    else:
        Sender.objects.update(boot="another")

    assert outcome(rows, at=LATER) == ["unknown"] * 4
    assert not Sender.objects.exists()


def test_two_of_one_campaign_whose_persons_are_merged_in_hand_are_never_in_doubt_together(
    sink, monkeypatch
):
    """Both are given back; of the two only one is claimed again, whatever becomes of it."""
    rows = queued(2)
    with monkeypatch.context() as patch:
        kill_at(patch, claim, "begin", call=1)
        send_until_killed(rows, monkeypatch)
    persons = [row.person for row in rows]
    slots.merge_persons(*persons, now=NOW + SECOND, by=None)
    assert outcome(rows, at=LATER) == ["queued", "queued"]
    with monkeypatch.context() as patch:
        kill_at(patch, claim, "begin", call=1)
        patch.setattr(batch._Batch, "settle", die_again)
        patch.setattr("surveys.sending.recovery.give_back", die_again)
        with pytest.raises(Killed):
            send_batch([row.pk for row in rows], clock=lambda: LATER)
    Sender.objects.all().delete()

    again = LATER + IN_FLIGHT_AT_MOST + SECOND
    assert outcome(rows, at=again) == ["unknown", "cancelled"]
    assert list(findings(now=again)) == []


@pytest.mark.parametrize("kind", ["survey", "reminder"])
def test_reminders_are_given_back_like_surveys(sink, monkeypatch, kind):
    rows = queued(3)
    send_batch([row.pk for row in rows], clock=lambda: NOW)
    due = NOW + 4 * DAY
    waiting = Invitation.objects.all()
    waiting.update(reminder_state="queued", reminder_send_at=due)
    with monkeypatch.context() as patch:
        patch.setattr(batch._Batch, "settle", die_again)
        patch.setattr("surveys.sending.recovery.give_back", die_again)
        kill_at(patch, claim, "begin", call=2)
        with pytest.raises(Killed):
            send_batch([row.pk for row in rows], kind=Attempt.Kind.REMINDER, clock=lambda: due)
    settle_lost(now=due + IN_FLIGHT_AT_MOST + SECOND)

    states = waiting.order_by("pk").values_list("reminder_state", flat=True)
    assert list(states) == ["unknown", "queued", "queued"]
    reminders = Attempt.objects.filter(kind="reminder")
    assert list(reminders.values_list("outcome", flat=True)) == ["unknown"]


def test_interruption_right_after_the_answer_never_sends_the_mail_again(sink, monkeypatch):
    """A time limit may break in anywhere: between the server's 250 and our noting it, too."""
    rows = queued(2)
    with monkeypatch.context() as patch:
        kill_at(patch, batch._Batch, "_record", call=1)
        with pytest.raises(Killed):
            send_batch([row.pk for row in rows], clock=lambda: NOW)
    send_batch([row.pk for row in rows], clock=lambda: NOW)

    assert outcome(rows, at=LATER) == ["unknown", "sent"]
    assert len(sink.received) == 2


def test_mail_whose_outcome_cannot_be_written_is_in_doubt_and_never_taken_for_accepted(
    mail_server, monkeypatch
):
    """The mails after it begin all the same."""
    rows = queued(3)

    def never_open(*_: object) -> None:
        raise TimingError

    monkeypatch.setattr(not_accepted, "_in_hours", never_open)
    with FaultServer({"data": DROP}, {}) as server:
        mail_server(server.port)
        counts = send_batch([row.pk for row in rows], clock=lambda: NOW)
        current_transport().close()

    assert dict(+counts) == {"error": 1, "sent": 2}
    assert outcome(rows, at=LATER) == ["unknown", "sent", "sent"]
    assert len(server.accepted) == 2
    assert not Sender.objects.exists()
    busy = Slot.objects.filter(person=rows[0].person_id, free_at__gt=LATER)
    assert [slot.held_by for slot in busy] == [None]


def test_lost_answer_to_the_commit_of_a_claim_loses_no_mail(sink, monkeypatch):
    """The claim was made, the connection broke: its own claim is not taken for another's."""
    rows = queued(3)

    def first_answer_lost(work):
        work()
        return work()

    with monkeypatch.context() as patch:
        patch.setattr(claim, "retry", first_answer_lost)
        counts = send_batch([row.pk for row in rows], clock=lambda: NOW)

    assert dict(counts) == {"sent": 3}
    assert len(sink.received) == 3
    assert outcome(rows, at=NOW) == ["sent"] * 3


def test_claim_of_another_worker_is_never_taken_for_its_own(sink, monkeypatch):
    rows = queued(1)
    real = claim.settle_and_claim

    def another_first(accepted, mails, *, kind, sender, at):
        real(accepted, mails, kind=kind, sender="another", at=at)
        return real(accepted, mails, kind=kind, sender=sender, at=at)

    def twice(work):
        work()
        return work()

    with monkeypatch.context() as patch:
        patch.setattr(claim, "retry", twice)
        patch.setattr(claim, "settle_and_claim", another_first)
        counts = send_batch([row.pk for row in rows], clock=lambda: NOW)

    assert (dict(+counts), sink.received) == ({"not_claimed": 1}, [])


def test_sender_at_work_is_left_alone(sink, monkeypatch):
    """However often the sweep comes by while its e-mails are under way."""
    rows = queued(2)
    real = SmtpTransport.send
    found = []

    def sweeping(transport, *args, **kwargs):
        found.append(settle_lost(now=NOW + IN_FLIGHT_AT_MOST))
        return real(transport, *args, **kwargs)

    monkeypatch.setattr(SmtpTransport, "send", sweeping)
    counts = send_batch([row.pk for row in rows], clock=lambda: NOW)

    assert (found, dict(counts)) == ([0, 0], {"sent": 2})
