"""A transport whose outcomes the test chooses, and what else of the sender a test must know.

While an e-mail is on its way anything else may happen, and its sender may be killed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import Any, NoReturn

import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from surveys import sending
from surveys.domain.mail.delivery import Phase, decide
from surveys.models import Attempt, Campaign
from surveys.queries.campaigns import planning
from surveys.sending.claims import claim_sql
from surveys.sending.transports.base import Result
from surveys.services.campaigns import plan
from tests.cap.record import Mail, Record

Clock = Callable[[], dt.datetime]


class Killed(BaseException):
    """The process is gone: whatever it had not committed, nobody writes down."""


class Interrupted(BaseException):
    """A time limit or a signal: the process is still there to write down what it knows."""


class Transmission(Enum):
    ACCEPTED = "accepted"
    LATER = "refused now"
    LATER_AT_DOT = "refused now, after the final dot"
    NO_MAILBOX = "refused for good, as there is no such mailbox"
    REFUSED = "refused for good, after the final dot"
    LOST_BEFORE = "lost before the final dot"
    LOST_AFTER = "lost after the final dot"
    INTERRUPTED_BEFORE = "an exception before the final dot"
    INTERRUPTED_AFTER = "an exception after the final dot"
    KILLED = "killed"


_ANSWERS = {
    Transmission.ACCEPTED: (Phase.ACCEPTED, 250),
    Transmission.LATER: (Phase.RCPT, 450),
    Transmission.LATER_AT_DOT: (Phase.DOT_WRITTEN, 450),
    Transmission.NO_MAILBOX: (Phase.RCPT, 550),
    Transmission.REFUSED: (Phase.DOT_WRITTEN, 554),
    Transmission.LOST_BEFORE: (Phase.BODY, None),
    Transmission.LOST_AFTER: (Phase.DOT_WRITTEN, None),
    Transmission.INTERRUPTED_BEFORE: (Phase.BODY, None),
    Transmission.INTERRUPTED_AFTER: (Phase.DOT_WRITTEN, None),
}
# Whoever knows only what the sender knows must take these for received.
_RECEIVED = {
    Transmission.ACCEPTED,
    Transmission.LOST_AFTER,
    Transmission.INTERRUPTED_AFTER,
    Transmission.KILLED,
}
# Something happens while an e-mail is on its way, and then this comes of it.
Turn = Callable[[Mail], Transmission]


class FakeTransport:
    def __init__(self, record: Record, *, clock: Clock, turn: Turn) -> None:
        self._record = record
        self._clock = clock
        self._turn = turn
        self._outcome = Transmission.ACCEPTED

    def compile(self, campaign: Campaign, *, language: str, reminder: bool) -> _Plain:
        return _Plain(survey=campaign.slug, reminder=reminder)

    def send(self, message: bytes, *, sender: str, recipient: str) -> Result:
        mail = Mail(address=recipient, **json.loads(message))
        send = self._record.begin(mail, now=self._clock())
        self._outcome = outcome = self._turn(mail)
        self._record.end(
            mail,
            send,
            received=outcome in _RECEIVED,
            certain=outcome is not Transmission.KILLED,
            now=self._clock(),
        )
        if outcome is Transmission.NO_MAILBOX:
            self._record.stop(recipient, "bounced")
        if outcome is Transmission.KILLED:
            _kill()
        if outcome in (Transmission.INTERRUPTED_BEFORE, Transmission.INTERRUPTED_AFTER):
            raise Interrupted
        return self.interrupted()

    def interrupted(self) -> Result:
        if self._outcome is Transmission.KILLED:
            raise Killed
        phase, code = _ANSWERS[self._outcome]
        return Result(phase, code, self._outcome.value, decide(phase, code=code))

    def close(self) -> None:
        """Nothing is kept open."""


class _Plain:
    """What is handed over is read by a program: no HTML needs to be made of it."""

    def __init__(self, **about: object) -> None:
        self._about = about

    def fill(self, values: Mapping[str, str], /) -> bytes:
        return json.dumps({**self._about, "reference": values["reference"]}).encode()


def send_batch(ids: list[int], kind: str, *, clock: Clock, transport: FakeTransport) -> None:
    """What a worker does with the task that it was told of."""
    database = connections[DEFAULT_DB_ALIAS]
    raw = database.connection
    try:
        sending.send_batch(ids, kind=Attempt.Kind(kind), clock=clock, transport=transport)
    except (Killed, Interrupted):
        pass
    finally:
        database.connection = raw


def _kill() -> NoReturn:
    """From here on not a statement of this process reaches the database."""
    connections[DEFAULT_DB_ALIAS].connection = _Gone()
    raise Killed


class _Gone:
    def __getattr__(self, name: str) -> NoReturn:
        raise Killed


def forget_statements() -> None:
    """They are made once, and with a bug planted they are others."""
    for made in vars(claim_sql).values():
        if hasattr(made, "cache_clear"):
            made.cache_clear()


@contextmanager
def decisions_then(meanwhile: Callable[[], None]) -> Iterator[None]:
    """Another process is at work between planning's decisions and what it writes."""
    decisions = planning.decisions

    def slowly(campaign: Campaign, **options: Any) -> Iterator[list[planning.Decided]]:
        for batch in decisions(campaign, **options):
            with pytest.MonkeyPatch.context() as others:
                others.setattr(plan, "decisions", decisions)
                meanwhile()
            yield batch

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "decisions", slowly)
        yield
