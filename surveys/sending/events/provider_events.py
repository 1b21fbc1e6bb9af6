"""Events of mail providers and bounces: kept as they come, applied later, in whatever order."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from accounts.domain.contactability import MailFact, SuppressionReason, suppression_after
from accounts.models import Suppression
from accounts.queries.merges import kept_ids, members_of
from accounts.services.suppression import suppress
from surveys.domain.mail.delivery import BounceKind, bounce_kind, parse_enhanced_status
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import InvitationState
from surveys.domain.transitions import EVENT_STATUS, delivery_status
from surveys.models import DeliveryEvent, Invitation
from surveys.sending.breakers import domains
from surveys.sending.breakers.campaigns import check_campaign
from surveys.sending.mails import domain_of

# A mail of a past moment counts as sent from now on; reports are not known here.
settled_late = Signal()
logger = logging.getLogger(__name__)
AT_ONCE = 2000
_OUR_MESSAGE_ID = re.compile(r"<?([A-Za-z0-9_-]{22})(?:\.reminder)?@")
# anymail's words for why a provider gave a mail up.
_REJECTIONS = {
    "invalid": BounceKind.HARD,
    "bounced": BounceKind.HARD,
    "blocked": BounceKind.POLICY,
    "spam": BounceKind.POLICY,
    "timed_out": BounceKind.TRANSIENT,
}
_FACTS = {"hard": MailFact.HARD_BOUNCE, "soft": MailFact.SOFT_BOUNCE}


def record_event(event: Any, *, provider: str, now: dt.datetime) -> None:
    """Only insert: whatever fails here would make the provider send the whole batch again."""
    occurred_at = event.timestamp or now
    invitation = _invitation_of(event.metadata or {}, event.message_id)
    key = event.event_id or _hash(
        event.message_id, event.event_type, event.recipient, event.timestamp
    )
    keep(
        provider=provider,
        event_id=key,
        kind=event.event_type,
        invitation=invitation,
        occurred_at=occurred_at,
        # Of nobody we know, or not any more: then no address is kept either.
        detail=_detail(event) if invitation else {},
    )


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
        event_id=_storable(event_id)[:200],
        defaults={
            "kind": _storable(kind)[:20],
            "invitation": invitation,
            "occurred_at": occurred_at,
            "detail": {name: _storable(value) for name, value in detail.items()},
        },
    )
    return is_new


def _storable(value: object) -> str:
    """PostgreSQL has no zero byte, in text as in JSON."""
    return str(value).replace("\x00", "")


def by_reference(reference: object) -> Invitation | None:
    text = _storable(reference or "")
    found = Invitation.objects.filter(public_id=text) if 0 < len(text) <= 22 else None
    return found.first() if found is not None else None


def by_message_id(message_id: object) -> Invitation | None:
    ours = _OUR_MESSAGE_ID.match(str(message_id or "").strip())
    return by_reference(ours[1]) if ours else None


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
    _suppress_by_history(event.invitation, now=now)
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


def _suppress_by_history(invitation: Invitation, *, now: dt.datetime) -> None:
    family = members_of(kept_ids([invitation.person_id]).values())
    events = DeliveryEvent.objects.filter(invitation__person__in=family)
    lifted = dict(
        Suppression.objects.filter(person__in=family, lifted_at__isnull=False)
        .order_by("lifted_at")
        .values_list("reason", "lifted_at")
    )
    rows = list(events.values_list("kind", "occurred_at", "detail"))
    reason = suppression_after(_facts(rows, lifted))
    if reason is not None:
        suppress(invitation.person, reason, now=now, source=f"mail of {invitation.campaign.name}")
    since = lifted.get(SuppressionReason.OPTED_OUT)
    wishes = [at for kind, at, _ in rows if kind == "unsubscribed" and _counts(at, since)]
    if wishes:
        suppress(invitation.person, SuppressionReason.OPTED_OUT, now=now, source="mail provider")


def _facts(
    rows: list[tuple[str, dt.datetime, dict[str, Any]]], lifted: dict[str, dt.datetime | None]
) -> Iterator[tuple[dt.datetime, MailFact]]:
    """What happened since an admin lifted such a suppression last."""
    for kind, at, detail in rows:
        if kind == "complained":
            if _counts(at, lifted.get(SuppressionReason.COMPLAINED)):
                yield at, MailFact.COMPLAINT
        elif detail.get("bounce") in _FACTS and _counts(at, lifted.get(SuppressionReason.BOUNCED)):
            yield at, _FACTS[detail["bounce"]]


def _counts(at: dt.datetime, since: dt.datetime | None) -> bool:
    return since is None or at > since


def _invitation_of(metadata: dict[str, Any], message_id: object) -> Invitation | None:
    return by_reference(metadata.get("reference")) or by_message_id(message_id)


def _detail(event: Any) -> dict[str, Any]:
    detail = {
        "message_id": event.message_id,
        "recipient": event.recipient,
        "reject_reason": event.reject_reason,
        "text": (event.mta_response or event.description or "")[:500],
    }
    if event.event_type in {"bounced", "rejected", "failed"}:
        status = parse_enhanced_status(event.mta_response or "")
        kind = bounce_kind(status) if status else None
        detail["bounce"] = kind or _REJECTIONS.get(event.reject_reason, BounceKind.SOFT)
    return {key: value for key, value in detail.items() if value}


def _hash(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
