"""Events of mail providers and bounces: kept as they come, applied later, in whatever order."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from surveys.domain.mail.bounces import BounceKind, classify, parse_enhanced_status
from surveys.domain.mail.provider_words import provider_word
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import InvitationState
from surveys.domain.transitions import EVENT_STATUS, delivery_status
from surveys.models import DeliveryEvent, Invitation
from surveys.sending.breakers import domains
from surveys.sending.breakers.campaigns import check_campaign
from surveys.sending.events.history import judge
from surveys.sending.events.matching import invitation_of, storable
from surveys.sending.mails import domain_of

# A mail of a past moment counts as sent from now on; reports are not known here.
settled_late = Signal()
logger = logging.getLogger(__name__)
AT_ONCE = 2000
PLAUSIBLE = dt.timedelta(days=366)
# anymail's words for why a provider gave a mail up; "bounced" may be for an hour or for good.
_REJECTIONS = {
    "invalid": BounceKind.HARD,
    "blocked": BounceKind.POLICY,
    "spam": BounceKind.POLICY,
    "unsubscribed": BounceKind.OPT_OUT,
    "timed_out": BounceKind.TRANSIENT,
}
_GIVEN_UP = {"bounced", "rejected", "failed"}
_ANSWERED = {BounceKind.REPLY, BounceKind.CHALLENGE}


def record_event(event: Any, *, provider: str, now: dt.datetime) -> bool:
    """Whether it is new. Only insert: what fails makes the provider send the whole batch again."""
    occurred_at = _moment(event.timestamp, now=now)
    invitation = invitation_of(event, at=occurred_at)
    key = event.event_id or _hash(
        event.message_id, event.event_type, event.recipient, event.timestamp
    )
    detail = _detail(event, provider=provider)
    return keep(
        provider=provider,
        event_id=key,
        kind=_kind(event.event_type, detail),
        invitation=invitation,
        occurred_at=occurred_at,
        # Of nobody we know, or not any more: then no address is kept either.
        detail=detail if invitation else {},
    )


def _moment(told: object, *, now: dt.datetime) -> dt.datetime:
    """Of a provider without a clock, or with one of its own, it is when we heard of it."""
    if not isinstance(told, dt.datetime) or told.utcoffset() is None:
        return now
    return told if abs(told - now) < PLAUSIBLE else now


def keep(
    *,
    provider: str,
    event_id: str,
    kind: str,
    invitation: Invitation | None,
    occurred_at: dt.datetime,
    detail: dict[str, Any],
) -> bool:
    """Whether the event is new."""
    _, is_new = DeliveryEvent.objects.get_or_create(
        provider=provider[:30],
        event_id=storable(event_id)[:200],
        defaults={
            "kind": storable(kind)[:20],
            "invitation": invitation,
            "occurred_at": occurred_at,
            "detail": {name: storable(value) for name, value in detail.items()},
        },
    )
    return is_new


def apply_events(*, now: dt.datetime) -> int:
    """Bring invitations, suppressions and breakers up to date; a poison event stops no other."""
    waiting = DeliveryEvent.objects.filter(applied_at__isnull=True).order_by("id")
    applied = 0
    campaigns: set[int] = set()
    for event in waiting.select_related("invitation__person")[:AT_ONCE]:
        try:
            with transaction.atomic():
                applied += _apply(event, now=now)
        except Exception:
            logger.exception("delivery event %s could not be applied", event.pk)
            continue
        if event.invitation and (event.detail.get("bounce") or event.kind == "complained"):
            campaigns.add(event.invitation.campaign_id)
    for campaign_id in sorted(campaigns):
        check_campaign(campaign_id, now=now)
    return applied


def _apply(event: DeliveryEvent, *, now: dt.datetime) -> int:
    mine = DeliveryEvent.objects.filter(pk=event.pk, applied_at__isnull=True)
    if not mine.update(applied_at=now):
        return 0
    if event.invitation is None:
        return 1
    if event.kind in EVENT_STATUS:
        _update_status(event.invitation)
    if event.detail.get("bounce") == BounceKind.POLICY:
        # Not this person's fault: the domain does not want our mail at the moment.
        domains.write(domain_of(event.invitation.email), [(now, True)])
    judge(event.invitation, now=now)
    return 1


def _update_status(invitation: Invitation) -> None:
    row = Invitation.objects.select_for_update().filter(pk=invitation.pk)
    list(row)  # the lock: two workers must not each overlook the other's event
    kinds = DeliveryEvent.objects.filter(invitation=invitation).values_list("kind", flat=True)
    status = delivery_status(kinds)
    if status is not None:
        row.update(delivery_status=status)
        # Whatever a provider tells of a mail, it had it: no longer unknown. The slot stays taken.
        unknown = row.filter(state=InvitationState.UNKNOWN)
        if unknown.update(state=InvitationState.SENT, reason=InvitationReason.PROVIDER_EVENT):
            settled_late.send(sender=Invitation, sent_at=invitation.sent_at)


def _detail(event: Any, *, provider: str) -> dict[str, Any]:
    text = str(event.mta_response or event.description or "")
    detail = {
        "message_id": event.message_id,
        "recipient": event.recipient,
        "reject_reason": event.reject_reason,
        "text": text[:500],
    }
    if event.event_type in _GIVEN_UP:
        word = provider_word(provider, event.esp_event)
        word = word or _REJECTIONS.get(event.reject_reason)
        detail["bounce"] = classify(text, word=word) or BounceKind.SOFT
    return {key: value for key, value in detail.items() if value}


def _kind(kind: str, detail: dict[str, Any]) -> str:
    """An automatic answer is a sign that it arrived, whatever a provider calls it."""
    if detail.get("bounce") in _ANSWERED:
        return "autoresponded"
    # Neither a reply of a server nor a word for what lasts: it may have been such an answer.
    silent = detail.get("bounce") == BounceKind.TRANSIENT and not parse_enhanced_status(
        detail.get("text", "")
    )
    return "deferred" if kind == "bounced" and silent else kind


def _hash(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
