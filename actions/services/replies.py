"""Replies to customers: a row first, then one claim of it, and what became of it.

The claim leaves the row as unknown: what is killed between claim and result stays so, and no
machine sends it again. Whoever wrote what did not certainly leave is told.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from accounts.domain.facts.contacts import Channel
from accounts.models import Person, Respondent
from accounts.services.facts.contacts import write_contact
from actions.domain.deliveries.retrying import LEASE
from actions.domain.follow_ups.states import State, Step
from actions.domain.replies import NOT_SENT, ReplyState, next_try
from actions.models import FollowUp, Reply
from actions.queries.replies import UNSETTLED, Draft
from actions.services.alerts.unsent import tell_writer
from actions.services.follow_ups.work import NOT_CLOSED, Act, NotAllowed
from config.celery import enqueue
from surveys.domain.mail.delivery import AttemptOutcome
from surveys.sending import Letter, send_letter

AT_ONCE = 20


class Unreachable(Exception):
    """Whom it is for has been erased, or has no address any more."""


@transaction.atomic
def write_reply(act: Act, draft: Draft, *, to: Respondent, key: uuid.UUID) -> None:
    """The same form pressed twice writes one. It begins the work where nobody had."""
    act.must_work()
    if act.by is None:  # A reply is somebody's, whom the customer can answer.
        raise NotAllowed
    is_erased = _is_erased(to)
    to.refresh_from_db(fields=["email"])
    if is_erased or not to.email:
        raise Unreachable
    reply, created = Reply.objects.get_or_create(
        key=key,
        defaults={
            "follow_up": act.follow_up,
            "respondent": to,
            "author": act.by,
            "reply_to": act.by.email,
            "to": to.email,
            "subject": draft.subject,
            "text": draft.text,
            "written_at": act.now,
            "next_try_at": act.now,
        },
    )
    if not created:
        return
    is_open = act.follow_up.state == State.OPEN
    act.change(NOT_CLOSED, **({"state": State.WORKING} if is_open else {}))
    act.write(Step.REPLIED, reply=reply.pk)
    enqueue("actions.tasks.send_reply", reply.pk)


def _is_erased(respondent: Respondent) -> bool:
    """An erasure, which locks the person too, comes before this transaction or after it."""
    person = Person.objects.select_for_update().get(pk=respondent.person_id)
    return person.erased_at is not None


def doubt_waiting(*, now: dt.datetime) -> None:
    """After a restore: what waited in the backup may have left since. Its writer is told."""
    waiting = Reply.objects.filter(state=ReplyState.WAITING)
    waiting.update(state=ReplyState.UNKNOWN, next_try_at=now)


def send_due(*, now: dt.datetime) -> int:
    """What no task has sent yet: forgotten by the broker, or put off."""
    _settle_lost(now=now)
    due = Reply.objects.filter(state=ReplyState.WAITING, next_try_at__lte=now)
    keys = list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(send_reply(pk, now=now) for pk in keys)


def _settle_lost(*, now: dt.datetime) -> None:
    """What a killed worker had in hand, and what an erasure stopped."""
    lost = Reply.objects.filter(UNSETTLED, next_try_at__lte=now)
    for reply in lost.select_related("author", "follow_up__owner").order_by("pk")[:AT_ONCE]:
        with transaction.atomic():
            if lost.filter(pk=reply.pk).update(settled_at=now):
                tell_writer(reply, now=now)


def send_reply(pk: int, *, now: dt.datetime) -> bool:
    """False where another sender has it, or it is not due."""
    due = Reply.objects.filter(pk=pk, state=ReplyState.WAITING, next_try_at__lte=now)
    in_hand = {"state": ReplyState.UNKNOWN, "next_try_at": now + LEASE}
    if not due.update(tries=F("tries") + 1, **in_hand):
        return False
    reply = Reply.objects.select_related("author", "respondent", "follow_up__owner").get(pk=pk)
    letter = Letter(
        unique=reply.key.hex,
        to=reply.to,
        author=reply.author.name if reply.author else "",
        reply_to=reply.reply_to,
        subject=reply.subject,
        text=reply.text,
    )
    result = send_letter(letter, now=now)
    _settle(reply, result.verdict.outcome, answer=result.text, now=now)
    return True


@transaction.atomic
def _settle(reply: Reply, outcome: AttemptOutcome, *, answer: str, now: dt.datetime) -> None:
    again = next_try(reply.tries, now=now)
    state = ReplyState.WAITING
    if outcome is not AttemptOutcome.RETRY:
        state, again = ReplyState(outcome), None
    elif again is None:
        state = ReplyState.FAILED
    is_erased = _is_erased(reply.respondent)
    Reply.objects.filter(pk=reply.pk).update(
        state=state,
        answer="" if is_erased else answer[:300],
        next_try_at=again or reply.next_try_at,
        settled_at=None if state is ReplyState.WAITING else now,
    )
    if state in NOT_SENT:
        tell_writer(reply, now=now)
    if state is ReplyState.SENT:
        _write_down(reply, note="" if is_erased else f"{reply.subject}\n\n{reply.text}", now=now)


def _write_down(reply: Reply, *, note: str, now: dt.datetime) -> None:
    """As the contact that it is: in the follow-up, and on the customer's line of time."""
    FollowUp.objects.filter(pk=reply.follow_up_id).update(
        first_contact_at=Coalesce("first_contact_at", now)
    )
    respondent, author = reply.respondent, reply.author
    respondent.refresh_from_db()
    if respondent.customer is not None and author is not None:
        write_contact(
            respondent.customer,
            Channel.MAIL,
            at=now,
            note=note,
            respondent=respondent,
            ref=f"reply-{reply.key.hex}",
            by=author,
            now=now,
        )
