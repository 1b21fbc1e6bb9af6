"""Sending a batch: claim a group, hand each e-mail over with no transaction open, record it."""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

from django.db import DatabaseError

from surveys.domain.mail.delivery import AttemptOutcome, Phase, Verdict
from surveys.domain.reasons import InvitationReason
from surveys.models import Attempt, Invitation, Sender
from surveys.queries.calendar.clock import database_clock
from surveys.queries.senders import sender_of
from surveys.queries.tallies import MAILS
from surveys.sending import not_accepted, recovery
from surveys.sending.breakers.campaigns import halt_without_sender
from surveys.sending.breakers.domains import Gate
from surveys.sending.claims import claim, unclaimed
from surveys.sending.claims.claim import Accepted
from surveys.sending.events.bounce_address import bounce_address
from surveys.sending.mails import Key, Mail, Unmailable, read_mails
from surveys.sending.messages import emails
from surveys.sending.transports import current_transport
from surveys.sending.transports.base import Result, Template, Transport, UnfitMail

logger = logging.getLogger(__name__)
Clock = Callable[[], dt.datetime]
# A task ends well before Celery's limits; what is left over is found again by the next tick.
TIME_FOR_A_BATCH = dt.timedelta(seconds=45)
# Claimed by one commit, and at stake if the database crashes.
GROUP = 50
SETTLED_WITHIN = dt.timedelta(seconds=1)


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
    campaigns = {mail.campaign.pk: mail.campaign for mail in mails if isinstance(mail, Mail)}
    halt_without_sender(campaigns.values(), now=now())
    batch = _Batch(kind, now, transport or current_transport(), simulated=clock is not None)
    batch.gate = Gate(mail.domain for mail in mails if isinstance(mail, Mail))
    with mail_in_hand_finishes() as stopping:
        waiting = deque(mails)
        end = now() + TIME_FOR_A_BATCH
        try:
            batch.work_through(waiting, over=lambda: stopping() or now() > end)
        finally:
            batch.leave()
            for outcome, number in batch.counts.items():
                MAILS.add(outcome, number)
    if waiting:
        # Not begun for lack of time: the next tick may tell a worker at once.
        left = [mail.invitation_id for mail in waiting]
        Invitation.objects.filter(pk__in=left).update(dispatched_at=None)
    return batch.counts


class _Batch:
    """The loop's memory: what was accepted and is not written down yet, and the e-mails' texts."""

    def __init__(
        self, kind: Attempt.Kind, clock: Clock, transport: Transport, *, simulated: bool
    ) -> None:
        self.kind = kind
        self.clock = clock
        self.transport = transport
        self.counts: Counter[str] = Counter()
        self.gate = Gate([])
        self._is_simulated = simulated
        self._sender = f"{os.uname().nodename[:40]}:{os.getpid()}:{secrets.token_hex(8)}"
        self._accepted: list[Accepted] = []
        self._settle_from = clock()
        self._templates: dict[tuple[int, str], Template] = {}
        self._messages: dict[Key, bytes | None] = {}

    def work_through(self, waiting: deque[Mail | Unmailable], *, over: Callable[[], bool]) -> None:
        while waiting and not over():
            claimed = self._claim(self._next_group(waiting))
            try:
                while claimed and not over():
                    self._try(claimed.popleft(), self._send)
            finally:
                self._give_back(claimed)
                waiting.extendleft(reversed(claimed))

    def _next_group(self, waiting: deque[Mail | Unmailable]) -> list[Mail | Unmailable]:
        """What is claimed by one commit; alone where the e-mail before it decides about it."""
        group = [waiting.popleft()]
        while waiting and len(group) < GROUP and not self._is_watched(group[-1], waiting[0]):
            group.append(waiting.popleft())
        return group

    def _is_watched(self, *mails: Mail | Unmailable) -> bool:
        domains = [mail.domain for mail in mails if isinstance(mail, Mail)]
        return any(self.gate.closed_until(domain) for domain in domains)

    def _claim(self, group: Sequence[Mail | Unmailable]) -> deque[Mail]:
        prepare = partial(self._prepare, now=self.clock())
        ready = [mail for mail in group if self._try(mail, prepare) and isinstance(mail, Mail)]
        won = claim.settle_and_claim(
            self._accepted, ready, kind=self.kind, sender=self._sender, at=self._at()
        )
        self._accepted.clear()
        for mail in ready:
            if mail.invitation_id not in won:
                self._messages.pop(mail.key)
                self.counts[unclaimed.explain(mail, now=self.clock())] += 1
        return deque(mail for mail in ready if mail.invitation_id in won)

    def _try(self, mail: Mail | Unmailable, step: Callable[[Any], bool]) -> bool:
        """One e-mail; whatever is wrong with it is its own affair and not the batch's."""
        try:
            return step(mail)
        except DatabaseError:
            raise  # the other rows would fare no better: the next tick finds them again
        except Exception:
            logger.exception("invitation %s was not sent", mail.invitation_id)
            self.counts["error"] += 1
            return False

    def _prepare(self, mail: Mail | Unmailable, *, now: dt.datetime) -> bool:
        """Its text, and whether its domain takes e-mail: before it is taken in hand."""
        if isinstance(mail, Unmailable):
            self.counts["skipped"] += unclaimed.leave_out(mail, reason=mail.reason, now=now)
            return False
        if mail.is_of_merged and unclaimed.drop_second(mail, now=now):
            self.counts["cancelled"] += 1
            return False
        domains = self.gate.pass_for(mail.domain, now=now)
        if isinstance(domains, dt.datetime):
            self._put_off(mail, until=domains)
            return False
        mail.domains = domains
        self._build(mail, now=now)
        return True

    def _put_off(self, mail: Mail, *, until: dt.datetime) -> None:
        not_accepted.put_off(mail, until=until)
        self.counts["put_off"] += 1

    def _send(self, mail: Mail) -> bool:
        now = self.clock()
        message = self._messages.pop(mail.key)
        if not claim.begin(mail, sender=self._sender, now=now):
            self._refuse(mail, now=now)
            return False
        try:
            self._record(mail, self._result_of(mail, message, now=now))
        except DatabaseError:
            raise  # it stays the last that was begun
        except Exception:
            # Else the next to begin would let it pass for accepted.
            recovery.give_up(mail.invitation_id, kind=self.kind, sender=self._sender, now=now)
            raise
        return True

    def _result_of(self, mail: Mail, message: bytes | None, *, now: dt.datetime) -> Result:
        try:
            return self._hand_over(mail, message, now=now)
        except UnfitMail as error:
            return _unfit(str(error))

    def _refuse(self, mail: Mail, *, now: dt.datetime) -> None:
        """Something came between its claim and its turn."""
        self._give_back([mail])
        until = self.gate.closed_until(mail.domain)
        if until is not None:
            self._put_off(mail, until=until)
        else:
            self.counts[unclaimed.explain(mail, now=now)] += 1

    def _give_back(self, mails: Iterable[Mail]) -> None:
        ids = [mail.invitation_id for mail in mails]
        if ids:
            recovery.give_back(ids, kind=self.kind, sender=self._sender)

    def _hand_over(self, mail: Mail, message: bytes | None, *, now: dt.datetime) -> Result:
        if message is None:
            raise UnfitMail("")
        try:
            return self.transport.send(
                message,
                sender=bounce_address(mail.invitation_id, now=now, sender=sender_of(mail.campaign)),
                recipient=mail.recipient.address,
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
        if outcome is AttemptOutcome.SENT:
            self._accept(mail, result, now=now)
        else:
            not_accepted.record_outcome(mail, result, now=now)
        self.counts[outcome] += 1
        self.gate.record(mail.domain, result, now=now)

    def _accept(self, mail: Mail, result: Result, *, now: dt.datetime) -> None:
        if not self._accepted:
            self._settle_from = now + SETTLED_WITHIN
        self._accepted.append(claim.accepted(mail, result))
        if now >= self._settle_from:
            self.settle()

    def settle(self) -> None:
        claim.settle(self._accepted, kind=self.kind, at=self._at())
        self._accepted.clear()

    def leave(self) -> None:
        """All is written down; what is not, the sweep still tells apart by the sender's row."""
        self.settle()
        if not Attempt.objects.filter(worker=self._sender, outcome="").exists():
            Sender.objects.filter(pk=self._sender).delete()

    def _at(self) -> dt.datetime | None:
        return self.clock() if self._is_simulated else None

    def _build(self, mail: Mail, *, now: dt.datetime) -> None:
        """The message, or None where this row's own values make one impossible."""
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


def build(mail: Mail, template: Template, *, now: dt.datetime) -> bytes:
    reminder = mail.kind is Attempt.Kind.REMINDER
    return template.fill(emails.mail_values(mail.recipient, reminder=reminder, now=now))


def _unfit(text: str) -> Result:
    verdict = Verdict(AttemptOutcome.FAILED, InvitationReason.UNFIT_MAIL)
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
