"""Sending a batch: claim, talk SMTP with no transaction open, write down what became of it."""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

from django.db import DatabaseError

from accounts.models import Suppression
from surveys.domain.mail.delivery import Outcome, Phase, Verdict, decide, parse_enhanced_status
from surveys.domain.reasons import BY_SUPPRESSION, InvitationReason
from surveys.domain.states import CampaignState
from surveys.models import Attempt, Campaign, Invitation
from surveys.sending import claim, record
from surveys.sending.breakers.domains import Gate
from surveys.sending.claim import NOBODY, Key, Mail, Sent
from surveys.sending.events.bounce_address import bounce_address
from surveys.sending.journal import Journal, JournalError
from surveys.sending.looking import Look
from surveys.sending.mails import Unmailable, read_mails
from surveys.sending.messages import emails
from surveys.sending.transports.smtp import (
    Connection,
    Hooks,
    Reply,
    UnfitMail,
    Withdrawn,
    server_from_settings,
)

logger = logging.getLogger(__name__)
Clock = Callable[[], dt.datetime]
Compiled = dict[tuple[int, str], emails.CompiledMail]
# A task ends well before Celery's limits; what is left over is found again by the next tick.
TIME_FOR_A_BATCH = dt.timedelta(seconds=45)
# Claimed in one commit. After a loss of power, where no journal helps, as many may be unknown.
GROUP = 50
UNFIT = Verdict(Outcome.FAILED, InvitationReason.UNFIT_MAIL)
_local = threading.local()


def send_batch(
    invitation_ids: Iterable[int],
    *,
    clock: Clock,
    kind: Attempt.Kind = Attempt.Kind.SURVEY,
    connection: Connection | None = None,
) -> Counter[str]:
    """Send what is due of these invitations; how many came to which outcome."""
    mails = read_mails(invitation_ids, kind=kind, now=clock())
    if not mails:
        return Counter()
    batch = _Batch(clock=clock, connection=connection or open_connection())
    batch.gate = Gate(mail.domain for mail in mails if isinstance(mail, Mail))
    with mail_in_hand_finishes() as stopping:
        waiting = deque(mails)
        end = clock() + TIME_FOR_A_BATCH
        try:
            batch.work_through(waiting, over=lambda: stopping() or clock() > end)
        finally:
            batch.close()
    if waiting:
        # Not begun for lack of time: the next tick may tell a worker at once.
        left = [mail.invitation_id for mail in waiting]
        Invitation.objects.filter(pk__in=left).update(dispatched_at=None)
    return batch.counts


def open_connection() -> Connection:
    """This thread's connection, kept from batch to batch; never one of a forked parent."""
    server = server_from_settings()
    kept: tuple[int, Connection] | None = getattr(_local, "connection", None)
    if kept is None or kept[0] != os.getpid() or kept[1].server != server:
        if kept is not None:
            kept[1].close()
        kept = _local.connection = (os.getpid(), Connection(server))
    return kept[1]


class _Batch:
    """The loop's memory: what of the present group is claimed, and what is accepted by now."""

    def __init__(self, *, clock: Clock, connection: Connection) -> None:
        self.clock = clock
        self.connection = connection
        self.counts: Counter[str] = Counter()
        self.gate = Gate([])
        self._journal = Journal()
        self._claimed: set[Key] = set()  # and nothing more is known of it
        self._begun: set[Key] = set()
        self._is_claiming = False
        self._accepted: list[Sent] = []
        self._compiled: Compiled = {}
        self._messages: dict[Key, bytes | None] = {}
        self._to_build: Iterator[Mail | Unmailable] = iter(())
        # After anything but an accepted mail the look comes before the first word to the server.
        self._is_wary = False

    def work_through(self, waiting: deque[Mail | Unmailable], *, over: Callable[[], bool]) -> None:
        self._to_build = iter(list(waiting)[1:])
        while waiting and not over():
            now = self.clock()
            group = list(self._next_group(waiting, now=now))
            won = self._claim(group, now=now)
            for mail in group:
                if over():
                    break
                if mail.key in won:
                    self._take(mail)
                else:
                    self._explain(mail, now=now)

    def close(self) -> None:
        """Also where an exception ended the batch, anywhere: what is known is written down."""
        settled = False
        try:
            if self._accepted or self._claimed:
                claim.settle_and_give_back(self._accepted, self._claimed - self._begun)
            settled = True
        finally:
            unsure = self._is_claiming or bool(self._claimed & self._begun)
            self._journal.close(finished=settled and not unsure)

    def _claim(self, mails: list[Mail], *, now: dt.datetime) -> set[Key]:
        self._journal.touch()
        self._is_claiming = True
        won = claim.settle_and_claim(self._accepted, mails, worker=self._journal.name, now=now)
        self._accepted, self._claimed, self._begun = [], set(won), set()
        self._is_claiming = False
        return won

    def _next_group(self, waiting: deque[Mail | Unmailable], *, now: dt.datetime) -> Iterator[Mail]:
        """The next few mails that may go now."""
        for _ in range(min(GROUP, len(waiting))):
            mail = waiting.popleft()
            try:
                if isinstance(mail, Unmailable):
                    self._leave_out(mail)
                    continue
                domains = self.gate.pass_for(mail.domain, now=now)
            except DatabaseError:
                raise  # the other rows would fare no better: the next tick finds them again
            except Exception:
                self._note_failure(mail)
                continue
            if isinstance(domains, dt.datetime):
                self._put_off(mail, until=domains)
                continue
            mail.domains = domains
            yield mail
            if NOBODY in domains:
                return  # a breaker's one probe: the others wait for what becomes of it

    def _take(self, mail: Mail) -> None:
        """One claimed mail; whatever is wrong with it is its own affair and not the batch's."""
        now = self.clock()
        shut_until = self.gate.shut_until(mail.domain, now=now)
        if shut_until is not None:
            self._give_back(mail)
            self._put_off(mail, until=shut_until)
            return
        try:
            self._message(mail, now=now)
        except Exception:
            self._give_back(mail)
            self._note_failure(mail)
            return
        self._begun.add(mail.key)
        try:
            self._hand_over(mail, now=now)
        except Withdrawn:
            self._give_back(mail)
            self._explain(mail, now=now)
        except (DatabaseError, JournalError):
            raise
        except Exception:
            self._note_failure(mail)

    def _give_back(self, mail: Mail) -> None:
        claim.settle_and_give_back([], [mail.key])
        self._claimed.discard(mail.key)

    def _hand_over(self, mail: Mail, *, now: dt.datetime) -> None:
        message = self._messages.pop(mail.key)
        if message is None:
            reply = Reply(Phase.CONNECT, None, "")
            self._record(mail, reply=reply, verdict=UNFIT, now=now)
            return
        try:
            reply = self._talk(mail, message, now=now)
        except UnfitMail as error:
            reply = Reply(Phase.CONNECT, None, str(error)[:300])
            self._record(mail, reply=reply, verdict=UNFIT, now=now)
            return
        now = self.clock()
        verdict = decide(
            reply.phase, code=reply.code, enhanced_status=parse_enhanced_status(reply.text)
        )
        if verdict.outcome is Outcome.SENT:
            self._accept(mail, reply, now=now)
        else:
            self._record(mail, reply=reply, verdict=verdict, now=now)
        self.gate.record(mail.domain, phase=reply.phase, trouble=verdict.domain_trouble, now=now)

    def _talk(self, mail: Mail, message: bytes, *, now: dt.datetime) -> Reply:
        look = Look(mail, now=now)

        def meanwhile() -> None:
            if not self._is_wary:
                look.ask()
            self._build_ahead(now=now)

        if self._is_wary and not look.answer():
            raise Withdrawn
        hooks = Hooks(meanwhile, look.answer, partial(self._journal.final_dot, mail.key))
        try:
            return self.connection.send(
                sender=bounce_address(mail.invitation_id, now=now),
                recipient=mail.recipient.address,
                message=message,
                hooks=hooks,
            )
        except (UnfitMail, DatabaseError):
            raise  # no answer to the last look: the journal knows that there was no final dot
        except Withdrawn:
            self._is_wary = True
            raise
        except BaseException:
            # A time limit or a signal broke in: the phase says whether it may have gone out.
            look.close()
            reply = Reply(self.connection.phase, None, "interrupted")
            self._record(mail, reply=reply, verdict=decide(reply.phase), now=self.clock())
            raise
        finally:
            look.close()

    def _accept(self, mail: Mail, reply: Reply, *, now: dt.datetime) -> None:
        sent = Sent(mail.key, reply, now)
        self._accepted.append(sent)
        self._claimed.discard(mail.key)
        self._is_wary = False
        self.counts[Outcome.SENT] += 1
        self._journal.accepted(sent)

    def _record(self, mail: Mail, *, reply: Reply, verdict: Verdict, now: dt.datetime) -> None:
        record.record_outcome(mail, reply=reply, verdict=verdict, now=now)
        self._claimed.discard(mail.key)
        self._is_wary = True
        self.counts[verdict.outcome] += 1

    def _leave_out(self, mail: Unmailable) -> None:
        self.counts["skipped"] += leave_out(
            mail.invitation_id, kind=mail.kind, reason=mail.reason, now=self.clock()
        )

    def _put_off(self, mail: Mail, *, until: dt.datetime) -> None:
        record.put_off(mail, until=until)
        self.counts["put_off"] += 1

    def _note_failure(self, mail: Mail | Unmailable) -> None:
        logger.exception("invitation %s was not sent", mail.invitation_id)
        self.counts["error"] += 1

    def _message(self, mail: Mail, *, now: dt.datetime) -> None:
        """Make the message, or None where this row's own values make one impossible."""
        if mail.key in self._messages:
            return
        try:
            self._messages[mail.key] = build(mail, now=now, compiled=self._compiled)
        except ValueError:
            logger.warning("invitation %s cannot be written as a mail", mail.invitation_id)
            self._messages[mail.key] = None

    def _build_ahead(self, *, now: dt.datetime) -> None:
        """One more message, while the mail server has the word.

        Only of a text that is compiled: what fails there is not this mail's affair.
        """
        mail = next(self._to_build, None)
        if isinstance(mail, Mail) and _text_of(mail) in self._compiled:
            self._message(mail, now=now)

    def _explain(self, mail: Mail, *, now: dt.datetime) -> None:
        """A claim was not won: mostly another worker's, or the campaign was paused."""
        active = Suppression.objects.active().filter(person=mail.person_id)
        reason = next(map(BY_SUPPRESSION.__getitem__, active.strongest().values()), None)
        if reason is None and _has_lost_its_slot(mail, now=now):
            reason = InvitationReason.CAPPED
        if reason is not None:
            left_out = leave_out(mail.invitation_id, kind=mail.kind, reason=reason, now=now)
            self.counts["skipped"] += left_out
        elif mail.kind is Attempt.Kind.SURVEY and _is_cancelled(mail):
            self.counts["cancelled"] += record.cancel(mail.invitation_id, now=now)
        else:
            self.counts["not_claimed"] += 1


def build(mail: Mail, *, now: dt.datetime, compiled: Compiled) -> bytes:
    reminder = mail.kind is Attempt.Kind.REMINDER
    text = _text_of(mail)
    if text not in compiled:
        compiled[text] = emails.compile_mail(mail.campaign, language=text[1], reminder=reminder)
    return compiled[text].fill(emails.mail_values(mail.recipient, reminder=reminder, now=now))


def _text_of(mail: Mail) -> tuple[int, str]:
    return mail.campaign.pk, mail.recipient.language


def leave_out(
    invitation_id: int, *, kind: Attempt.Kind, reason: InvitationReason, now: dt.datetime
) -> bool:
    if kind is Attempt.Kind.REMINDER:
        return record.drop_reminder(invitation_id)
    return record.skip(invitation_id, reason=reason, now=now)


def _has_lost_its_slot(mail: Mail, *, now: dt.datetime) -> bool:
    """Its person was merged with one who used the slots; a paused campaign's rows keep theirs."""
    if mail.kind is Attempt.Kind.REMINDER:
        return False
    waiting = Invitation.objects.filter(pk=mail.invitation_id).due(now)
    return waiting.filter(slot__isnull=True).exists()


def _is_cancelled(mail: Mail) -> bool:
    cancelled = Campaign.objects.filter(pk=mail.campaign.pk, state=CampaignState.CANCELLED)
    return cancelled.exists()


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
