"""Sending a batch: claim one e-mail, hand it over with no transaction open, record the outcome."""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from django.db import DatabaseError

from surveys.domain.mail.delivery import Outcome, Phase, Verdict
from surveys.domain.reasons import InvitationReason
from surveys.models import Attempt, Invitation
from surveys.queries.clock import database_clock
from surveys.sending import claim, record, refused
from surveys.sending.breakers.domains import Gate
from surveys.sending.claim import Accepted
from surveys.sending.events.bounce_address import bounce_address
from surveys.sending.mails import Key, Mail, Unmailable, read_mails
from surveys.sending.messages import emails
from surveys.sending.transports import current_transport
from surveys.sending.transports.base import Result, Template, Transport, UnfitMail

logger = logging.getLogger(__name__)
Clock = Callable[[], dt.datetime]
# A task ends well before Celery's limits; what is left over is found again by the next tick.
TIME_FOR_A_BATCH = dt.timedelta(seconds=45)


def send_batch(
    invitation_ids: Iterable[int],
    *,
    kind: Attempt.Kind = Attempt.Kind.SURVEY,
    clock: Clock | None = None,
    transport: Transport | None = None,
) -> Counter[str]:
    """Send what is due of these invitations; how many came to which outcome.

    `clock`: that of a simulation. Without one the database's decides, and a machine whose own is
    off from it refuses to work.
    """
    now = clock or database_clock()
    mails = read_mails(invitation_ids, kind=kind, now=now())
    if not mails:
        return Counter()
    batch = _Batch(now, transport or current_transport(), simulated=clock is not None)
    batch.gate = Gate(mail.domain for mail in mails if isinstance(mail, Mail))
    with mail_in_hand_finishes() as stopping:
        waiting = deque(mails)
        end = now() + TIME_FOR_A_BATCH
        try:
            batch.work_through(waiting, over=lambda: stopping() or now() > end)
        finally:
            batch.settle()
    if waiting:
        # Not begun for lack of time: the next tick may tell a worker at once.
        left = [mail.invitation_id for mail in waiting]
        Invitation.objects.filter(pk__in=left).update(dispatched_at=None)
    return batch.counts


class _Batch:
    """The loop's memory: the last accepted e-mail, and the messages that are built already."""

    def __init__(self, clock: Clock, transport: Transport, *, simulated: bool) -> None:
        self.clock = clock
        self.transport = transport
        self.counts: Counter[str] = Counter()
        self.gate = Gate([])
        self._is_simulated = simulated
        self._worker = f"{os.uname().nodename[:40]}:{os.getpid()}:{secrets.token_hex(8)}"
        # Settled by the next claim, or at the end.
        self._accepted: Accepted | None = None
        self._templates: dict[tuple[int, str], Template] = {}
        self._messages: dict[Key, bytes | None] = {}
        self._to_build: Iterator[Mail | Unmailable] = iter(())

    def work_through(self, waiting: deque[Mail | Unmailable], *, over: Callable[[], bool]) -> None:
        self._to_build = iter(list(waiting)[1:])
        while waiting and not over():
            mail = waiting.popleft()
            try:
                if isinstance(mail, Unmailable):
                    self._leave_out(mail)
                else:
                    self._send(mail)
            except DatabaseError:
                raise  # the other rows would fare no better: the next tick finds them again
            except Exception:
                logger.exception("invitation %s was not sent", mail.invitation_id)
                self.counts["error"] += 1

    def settle(self) -> None:
        if self._accepted:
            claim.settle(self._accepted, at=self._at())
            self._accepted = None

    def _send(self, mail: Mail) -> None:
        """One e-mail; whatever is wrong with it is its own affair and not the batch's."""
        now = self.clock()
        domains = self.gate.pass_for(mail.domain, now=now)
        if isinstance(domains, dt.datetime):
            record.put_off(mail, until=domains)
            self.counts["put_off"] += 1
            return
        mail.domains = domains
        message = self._message(mail, now=now)
        if not self._claim(mail):
            self.counts[refused.explain(mail, now=now)] += 1
            return
        try:
            result = self._hand_over(mail, message, now=now)
        except UnfitMail as error:
            result = _unfit(str(error))
        self._record(mail, result)

    def _claim(self, mail: Mail) -> bool:
        won = claim.settle_and_claim(self._accepted, mail, worker=self._worker, at=self._at())
        self._accepted = None
        return won

    def _at(self) -> dt.datetime | None:
        return self.clock() if self._is_simulated else None

    def _hand_over(self, mail: Mail, message: bytes | None, *, now: dt.datetime) -> Result:
        if message is None:
            raise UnfitMail("")
        try:
            return self.transport.send(
                message,
                sender=bounce_address(mail.invitation_id, now=now),
                recipient=mail.recipient.address,
                meanwhile=lambda: self._build_ahead(now=now),
            )
        except UnfitMail:
            raise
        except BaseException:
            # A time limit or a signal broke in: the transport knows whether it may have gone out.
            self._record(mail, self.transport.interrupted())
            raise

    def _record(self, mail: Mail, result: Result) -> None:
        now = self.clock()
        outcome = result.verdict.outcome
        if outcome is Outcome.SENT:
            self._accepted = Accepted(mail, result)
        else:
            record.record_outcome(mail, result, now=now)
        self.counts[outcome] += 1
        self.gate.record(mail.domain, result, now=now)

    def _leave_out(self, mail: Unmailable) -> None:
        self.counts["skipped"] += refused.leave_out(mail, reason=mail.reason, now=self.clock())

    def _message(self, mail: Mail, *, now: dt.datetime) -> bytes | None:
        """The message, or None where this row's own values make one impossible."""
        if mail.key not in self._messages:
            self._build(mail, now=now)
        return self._messages.pop(mail.key)

    def _build(self, mail: Mail, *, now: dt.datetime) -> None:
        text = _text_of(mail)
        if text not in self._templates:
            self._templates[text] = self.transport.compile(
                mail.campaign, language=text[1], reminder=mail.kind is Attempt.Kind.REMINDER
            )
        try:
            self._messages[mail.key] = build(mail, self._templates[text], now=now)
        except ValueError:
            logger.warning("invitation %s cannot be written as a mail", mail.invitation_id)
            self._messages[mail.key] = None

    def _build_ahead(self, *, now: dt.datetime) -> None:
        """One more message, while the mail server is at work.

        Only of a text that is compiled: what fails there is not this mail's affair.
        """
        mail = next(self._to_build, None)
        if isinstance(mail, Mail) and _text_of(mail) in self._templates:
            self._build(mail, now=now)


def build(mail: Mail, template: Template, *, now: dt.datetime) -> bytes:
    reminder = mail.kind is Attempt.Kind.REMINDER
    return template.fill(emails.mail_values(mail.recipient, reminder=reminder, now=now))


def _unfit(text: str) -> Result:
    verdict = Verdict(Outcome.FAILED, InvitationReason.UNFIT_MAIL)
    return Result(Phase.CONNECT, None, text[:300], verdict)


def _text_of(mail: Mail) -> tuple[int, str]:
    return mail.campaign.pk, mail.recipient.language


@contextmanager
def mail_in_hand_finishes() -> Iterator[Callable[[], bool]]:
    """SIGTERM and SIGINT wait until the mail in hand is settled, then do what they always did."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    received: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        received.append(number)

    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        # A worker's child ignores Ctrl-C on purpose: its parent lets it finish.
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, remember)
    try:
        yield lambda: bool(received)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if received:
            os.kill(os.getpid(), received[0])
