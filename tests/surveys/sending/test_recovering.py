"""What a killed sender leaves: its journal, and rows that say `sending`."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

import pytest

from surveys.domain.mail.delivery import Phase
from surveys.models import Attempt, Invitation, Slot
from surveys.queries.delivery import findings
from surveys.sending import batch, claim, journal
from surveys.sending.batch import send_batch
from surveys.sending.claim import Key, Sent
from surveys.sending.recovering import KEPT_FOR, recover
from surveys.sending.transports.smtp import Connection, Reply
from surveys.services import slots
from tests.world import NOW, WINDOW, make_campaign, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def var(tmp_path, settings):
    settings.VAR_DIR = tmp_path


class Killed(BaseException):
    """Ends a batch at one point; nothing of what the batch would still do is done."""


def queued(number: int) -> list[Invitation]:
    campaign = make_campaign()
    rows = [make_invitation(make_respondent(), campaign) for _ in range(number)]
    for row in rows:
        slots.reserve({row.person_id: row.pk}, now=NOW)
    return rows


def send_until_killed(rows: list[Invitation], monkeypatch) -> None:
    """As by SIGKILL: no clean-up runs, but the kernel gives the lock back."""

    def die_again(*_: Any, **__: Any) -> None:
        raise Killed

    def die(batch: batch._Batch) -> None:
        os.close(batch._journal._file)

    with monkeypatch.context() as patch:
        patch.setattr(batch._Batch, "close", die)
        patch.setattr(batch._Batch, "_record", die_again)
        with pytest.raises(Killed):
            send_batch([row.pk for row in rows], clock=lambda: NOW)
    batch.open_connection().close()


def kill_at(monkeypatch, where: object, name: str, *, call: int, after: bool = False) -> None:
    real: Callable[..., object] = getattr(where, name)
    calls = []

    def killing(*args: Any, **kwargs: Any) -> object:
        calls.append(1)
        if len(calls) == call and not after:
            raise Killed
        result = real(*args, **kwargs)
        if len(calls) == call:
            raise Killed
        return result

    monkeypatch.setattr(where, name, killing)


def outcome(rows: list[Invitation]) -> list[str]:
    recover(now=NOW)
    for row in rows:
        row.refresh_from_db()
    return [row.state for row in rows]


# Where a kill at the third of five mails finds it, what that leaves, and what the server has.
KILLS = {
    "before any word": (claim, "may_go", False, ["sent", "sent", "queued"], 2),
    "before the body": (Connection, "_write", False, ["sent", "sent", "queued"], 2),
    "before the dot is noted": (journal.Journal, "final_dot", False, ["sent", "sent", "queued"], 2),
    "before the dot": (journal.Journal, "final_dot", True, ["sent", "sent", "unknown"], 2),
    "after the answer": (journal.Journal, "accepted", False, ["sent", "sent", "unknown"], 3),
    "after that is noted": (journal.Journal, "accepted", True, ["sent", "sent", "sent"], 3),
}


@pytest.mark.parametrize("kill", KILLS)
def test_killed_sender_leaves_at_most_the_mail_in_hand_unknown(sink, monkeypatch, kill):
    where, name, after, states, received = KILLS[kill]
    rows = queued(5)
    with monkeypatch.context() as patch:
        kill_at(patch, where, name, call=3, after=after)
        send_until_killed(rows, monkeypatch)
    assert set(Invitation.objects.values_list("state", flat=True)) == {"sending"}

    assert outcome(rows) == [*states, "queued", "queued"]
    assert len(sink.received) == received
    assert [row.attempts_made for row in rows[3:]] == [0, 0]
    assert not Attempt.objects.filter(outcome="").exists()
    assert list(findings(now=NOW)) == []
    busy = Slot.objects.filter(person__in=[row.person_id for row in rows[:2]], free_at__gt=NOW)
    assert [slot.free_at for slot in busy] == [NOW + WINDOW] * 2
    send_batch([row.pk for row in rows], clock=lambda: NOW)
    assert len(sink.message_ids) == len(set(sink.message_ids))
    assert outcome(rows).count("sent") == 5 - states.count("unknown")


def test_interruption_right_after_the_answer_never_gives_the_mail_back(sink, monkeypatch):
    """A time limit may break in anywhere: between the server's 250 and our noting it, too."""
    rows = queued(2)
    kill_at(monkeypatch, batch._Batch, "_accept", call=1)
    with pytest.raises(Killed):
        send_batch([row.pk for row in rows], clock=lambda: NOW)

    assert outcome(rows) == ["unknown", "queued"]
    assert len(sink.received) == 1


def test_interruption_right_after_the_claim_leaves_nothing_in_doubt(sink, monkeypatch):
    rows = queued(3)
    with monkeypatch.context() as patch:
        kill_at(patch, claim, "settle_and_claim", call=1, after=True)
        with pytest.raises(Killed):
            send_batch([row.pk for row in rows], clock=lambda: NOW)

    assert outcome(rows) == ["queued"] * 3
    assert sink.received == []


def test_lost_answer_to_the_commit_of_a_claim_loses_no_mail(sink, monkeypatch):
    """The claim was made, the connection broke: its own claim is not taken for another's."""
    rows = queued(3)

    def first_answer_lost(work):
        work()
        return real_persistently(work)

    real_persistently = claim.persistently
    with monkeypatch.context() as patch:
        patch.setattr(claim, "persistently", first_answer_lost)
        counts = send_batch([row.pk for row in rows], clock=lambda: NOW)

    assert dict(counts) == {"sent": 3}
    assert len(sink.received) == 3
    assert outcome(rows) == ["sent"] * 3


def test_journal_of_a_living_sender_is_nobody_elses(sink, monkeypatch):
    rows = queued(2)
    real = claim.may_go
    found = []

    def looking(mail, *, now):
        found.append(recover(now=NOW))
        return real(mail, now=now)

    monkeypatch.setattr(claim, "may_go", looking)
    counts = send_batch([row.pk for row in rows], clock=lambda: NOW)

    assert (found, dict(counts)) == ([0, 0], {"sent": 2})
    assert list(journal.folder().iterdir()) == []


def test_journal_of_another_boot_is_not_believed(sink, monkeypatch):
    """Power was lost: the last lines may never have reached the disk."""
    rows = queued(2)
    with monkeypatch.context() as patch:
        patch.setattr(journal, "boot", lambda: "0123456789abcdef")
        kill_at(patch, claim, "may_go", call=1)
        send_until_killed(rows, monkeypatch)

    assert outcome(rows) == ["sending", "sending"]


def test_journal_is_kept_until_no_claim_can_still_be_on_its_way(sink, monkeypatch):
    rows = queued(1)
    with monkeypatch.context() as patch:
        kill_at(patch, claim, "may_go", call=1)
        send_until_killed(rows, monkeypatch)
    [path] = journal.folder().iterdir()
    killed_at = path.stat().st_mtime
    recover(now=dt.datetime.fromtimestamp(killed_at + KEPT_FOR - 1, tz=dt.UTC))
    assert path.exists()
    recover(now=dt.datetime.fromtimestamp(killed_at + KEPT_FOR + 1, tz=dt.UTC))

    assert list(journal.folder().iterdir()) == []


def test_full_disk_stops_sending_before_the_final_dot(sink, monkeypatch):
    rows = queued(2)
    real = os.write

    def full(file: int, text: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal.os, "write", full)  # type: ignore[attr-defined]
    with pytest.raises(journal.JournalError, match="No space left"):
        send_batch([row.pk for row in rows], clock=lambda: NOW)
    monkeypatch.setattr(journal.os, "write", real)  # type: ignore[attr-defined]

    assert sink.received == []
    assert outcome(rows) == ["retry", "queued"]


def test_line_that_was_cut_off_is_no_line():
    note = journal.Journal()
    first, second = Key(1, "survey", 1), Key(2, "survey", 1)
    note.final_dot(first)
    note.accepted(Sent(first, Reply(Phase.ACCEPTED, 250, "ok"), NOW))
    note.final_dot(second)
    with note.path.open("ab") as file:
        file.write(b'[2, "survey", 1, 250, "o')
    found = journal.read(note.path)
    note.close(finished=False)

    assert found == {first: Sent(first, Reply(Phase.ACCEPTED, 250, "ok"), NOW), second: None}
