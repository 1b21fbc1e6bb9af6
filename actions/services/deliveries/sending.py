"""Hands deliveries over: claim, send with no transaction open, settle.

A claim is one conditional update that counts the attempt and puts the next one off by a lease. A
worker that is killed between sending and settling leaves a row whose lease runs out; it is sent
again, under the same id. Whoever comes late settles nothing: the number of attempts is not theirs.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import translation

from accounts.domain.access.audit import AuditAction
from accounts.services.access.audit import record_event
from actions.domain.deliveries.notes import posted
from actions.domain.deliveries.retrying import (
    GONE,
    HOLDS,
    LEASE,
    SLOW_MILLISECONDS,
    is_accepted,
    is_permanent,
    next_try,
)
from actions.domain.deliveries.signing import headers_of
from actions.domain.deliveries.states import DeliveryState, Fault, Kind
from actions.models import Channel, Delivery, DeliveryTry
from actions.services.deliveries.channels import disable_gone
from actions.services.deliveries.events import event_of
from actions.services.deliveries.failed import tell_admins
from common.monitoring.logs import one_line
from common.net.outgoing import Refused, Unreachable, post
from common.secrets.sealing import unseal

Clock = Callable[[], dt.datetime]
# A task goes on no longer; what is left is the next tick's.
BUDGET = dt.timedelta(seconds=60)
SEEN_AT_ONCE = 10
logger = logging.getLogger(__name__)
_LUCK = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Result:
    is_sent: bool
    status: int | None = None
    error: str = ""
    wish: str = ""
    # Nobody is there: the others of the lane need not find that out one by one.
    is_away: bool = False
    # Refused for good: the address, or what is written. A further try would hear the same.
    is_final: bool = False
    is_slow: bool = False
    # Whom it reached, for the audit log.
    to: str = ""


class _Nothing(Exception):
    """There is nothing to tell any more."""


def due_lanes(*, now: dt.datetime) -> list[str]:
    return list(_due(now).order_by("lane").values_list("lane", flat=True).distinct())


def deliver_lane(lane: str, *, clock: Clock) -> int:
    """How many went out; in the order in which they were queued."""
    sent, until = 0, clock() + BUDGET
    while clock() < until and (delivery := _claim(lane, now=clock())) is not None:
        result = _attempt(delivery, clock=clock)
        sent += result.is_sent
        if result.is_away or result.is_slow:
            break
    return sent


def _due(now: dt.datetime) -> QuerySet[Delivery]:
    in_use = Q(channel__isnull=True) | Q(channel__disabled="")
    return Delivery.objects.filter(in_use, state=DeliveryState.WAITING, next_at__lte=now)


def _claim(lane: str, *, now: dt.datetime) -> Delivery | None:
    due = _due(now).filter(_may_leave(now), lane=lane).order_by("pk")
    for pk, attempts in due.values_list("pk", "attempts")[:SEEN_AT_ONCE]:
        # Asked again by the update itself: another worker may have settled what held it, or not.
        mine = Delivery.objects.filter(
            _may_leave(now), pk=pk, attempts=attempts, state=DeliveryState.WAITING, next_at__lte=now
        )
        if mine.update(attempts=F("attempts") + 1, next_at=now + LEASE, tried_at=now):
            return Delivery.objects.select_related("channel", "staff").get(pk=pk)
    return None


def _may_leave(now: dt.datetime) -> Q:
    """Of those in order the first that is not settled, in hand or not; the others as they come."""
    before = Delivery.objects.filter(
        lane=OuterRef("lane"),
        pk__lt=OuterRef("pk"),
        in_order=True,
        state=DeliveryState.WAITING,
        created_at__gt=now - HOLDS,
    )
    return Q(in_order=False) | Q(~Exists(before))


def _attempt(delivery: Delivery, *, clock: Clock) -> Result:
    start = time.perf_counter()
    mine = Delivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, state=DeliveryState.WAITING
    )
    try:
        result = _sent(delivery, now=clock())
    except _Nothing:
        # Unless it was queued anew meanwhile.
        mine.filter(next_at=delivery.next_at).delete()
        return Result(is_sent=False)
    except Exception as error:  # A fault of ours must not hold up the messages behind it.
        logger.exception("delivery %s could not be written", delivery.pk)
        result = Result(is_sent=False, error=type(error).__name__)
    milliseconds = round((time.perf_counter() - start) * 1000)
    _settle(delivery, mine, result, milliseconds=milliseconds, now=clock())
    if result.status == GONE and delivery.channel is not None:
        disable_gone(delivery.channel, now=clock())
    return replace(result, is_slow=milliseconds > SLOW_MILLISECONDS)


@transaction.atomic
def _settle(
    delivery: Delivery,
    mine: QuerySet[Delivery],
    result: Result,
    *,
    milliseconds: int,
    now: dt.datetime,
) -> None:
    settled = _settled(delivery, result, now=now)
    is_mine = mine.update(milliseconds=milliseconds, **settled)
    if is_mine:
        DeliveryTry.objects.create(
            delivery=delivery,
            at=delivery.tried_at or now,
            milliseconds=milliseconds,
            status_code=result.status,
            error=one_line(result.error)[:200],
        )
    if is_mine and result.is_sent:
        detail = {"event": delivery.event, "to": result.to}
        record_event(AuditAction.ALERT_SEND, actor=None, now=now, target=_about(delivery), **detail)
    # Of a channel that is gone they hear at once.
    if is_mine and settled.get("state") is DeliveryState.FAILED and result.status != GONE:
        tell_admins(delivery, now=now)


def _about(delivery: Delivery) -> str:
    answer = delivery.payload.get("response")
    return f"response {answer}" if answer else ""


def _settled(delivery: Delivery, result: Result, *, now: dt.datetime) -> dict[str, object]:
    known = {"status_code": result.status, "error": one_line(result.error)[:200]}
    if result.is_sent:
        return {**known, "state": DeliveryState.SENT, "settled_at": now}
    then = next_try(delivery.attempts, now=now, luck=_LUCK.random(), wish=result.wish)
    if then is None or result.is_final or result.status == GONE:
        return {**known, "state": DeliveryState.FAILED, "settled_at": now}
    return {**known, "next_at": then}


def _sent(delivery: Delivery, *, now: dt.datetime) -> Result:
    channel = delivery.channel
    return _mailed(delivery, now=now) if channel is None else _posted(delivery, channel, now=now)


def _mailed(delivery: Delivery, *, now: dt.datetime) -> Result:
    write = event_of(delivery.event).mail
    message = write(delivery, now) if write else None
    if message is None:
        raise _Nothing
    # The same at every try: a mail program shows it once.
    message.extra_headers["Message-ID"] = f"<{delivery.public_id.hex}@{DNS_NAME}>"
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        return Result(is_sent=False, status=code, error=_words(text), is_final=is_permanent(code))
    except smtplib.SMTPResponseException as error:
        # A log-in or a sender that is refused is ours to mend, and the next try finds it mended.
        is_final = isinstance(error, smtplib.SMTPDataError) and is_permanent(error.smtp_code)
        words = _words(error.smtp_error)
        return Result(is_sent=False, status=error.smtp_code, error=words, is_final=is_final)
    except (smtplib.SMTPException, OSError) as error:
        words = Fault.TIMEOUT if isinstance(error, TimeoutError) else str(error)
        return Result(is_sent=False, error=words or type(error).__name__, is_away=True)
    return Result(is_sent=True, to=", ".join(message.to))


def _posted(delivery: Delivery, channel: Channel, *, now: dt.datetime) -> Result:
    write = event_of(delivery.event).note
    with translation.override(channel.language):
        note = write(delivery, now) if write else None
    if note is None:
        raise _Nothing
    url, secret = unseal(channel.sealed_url), unseal(channel.sealed_secret or "")
    if url is None or (channel.sealed_secret and secret is None):
        return Result(is_sent=False, error=Fault.SEALED, is_away=True)
    kind, name = Kind(channel.kind), f"msg_{delivery.public_id.hex}"
    if kind is Kind.DELIGHTED and not secret:
        return Result(is_sent=False, error=Fault.UNSIGNED, is_away=True)
    body, content_type = posted(kind, note, event=delivery.event, at=delivery.created_at, name=name)
    headers = {"Content-Type": content_type, "User-Agent": f"Koe ({settings.SITE_URL})"}
    headers |= headers_of(kind, secret or "", message_id=name, at=now, body=body)
    try:
        reply = post(url, body, headers)
    except Refused as error:
        return Result(is_sent=False, error=error.reason, is_away=True)
    except Unreachable as error:
        return Result(is_sent=False, error=str(error), is_away=True)
    wish = next(
        (value for name, value in reply.headers.items() if name.lower() == "retry-after"), ""
    )
    sent = is_accepted(reply.status)
    said = "" if sent else _words(reply.body)
    return Result(sent, reply.status, said, wish, is_away=not sent, to=str(channel))


def _words(said: bytes | str) -> str:
    """What a server says of its refusal, such as Slack's "no_service"."""
    text = said[:200].decode("utf-8", "replace") if isinstance(said, bytes) else said
    return text.strip()
