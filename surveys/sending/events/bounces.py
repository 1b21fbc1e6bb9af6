"""Bounce mails of plain SMTP (RFC 3464): found out whom they are about, kept as delivery events."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from typing import NamedTuple

from django.conf import settings

from surveys.domain.mail.bounces import BounceKind, classify, parse_enhanced_status
from surveys.models import Invitation
from surveys.sending.events.bounce_address import read_bounce_address
from surveys.sending.events.matching import by_address, by_message_id, by_reference
from surveys.sending.events.provider_events import keep

_ENVELOPE_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
LARGEST_BOUNCE = 1024 * 1024
_ARRIVED = frozenset({"delivered", "relayed", "expanded"})


def receive_bounce(raw: bytes, *, recipient: str = "", now: dt.datetime) -> str:
    """Keep what a bounce says; the answer is one word of what was made of it."""
    message = message_from_bytes(raw[:LARGEST_BOUNCE], policy=policy.compat32)
    reports = list(_reports(message))
    if not reports:
        return "ignored"  # an out-of-office note, or spam
    invitation = _invitation_of(message, recipient=recipient, now=now)
    if invitation is None:
        return "unknown"
    report = reports[0]
    bounce = _kind_of(report)
    told = f"{invitation.pk} {report.status} {report.action} "
    is_new = keep(
        provider="dsn",
        event_id=hashlib.sha256(told.encode() + raw).hexdigest(),
        kind=_event_kind(bounce, action=report.action),
        invitation=invitation,
        occurred_at=now,
        detail={
            "status": report.status,
            "action": report.action,
            **({"bounce": bounce} if bounce else {}),
            **({"text": report.text[:500]} if report.text else {}),
        },
    )
    return "kept" if is_new else "repeated"


class Report(NamedTuple):
    """What a report says of one recipient."""

    status: str
    action: str
    text: str
    recipient: str


def _kind_of(report: Report) -> BounceKind | None:
    """None where it reports no failure."""
    status = parse_enhanced_status(report.status)
    if report.action == "delayed":
        return BounceKind.TRANSIENT
    if report.action in _ARRIVED or (status is not None and status.kind == 2):
        return None
    return classify(report.text, status=status) or BounceKind.SOFT


def _event_kind(bounce: BounceKind | None, *, action: str) -> str:
    if bounce is None:
        return "delivered"
    return "deferred" if action == "delayed" else "bounced"


def _reports(message: Message) -> Iterator[Report]:
    for part in message.walk():
        for block in _blocks(part):
            status = str(block.get("Status", "")).strip()
            text = " ".join(str(block.get("Diagnostic-Code", "")).split())
            action = str(block.get("Action", "failed")).strip().lower()
            found = parse_enhanced_status(status) or parse_enhanced_status(text)
            if found is not None:
                # "rfc822; hanako@example.com"
                recipient = str(block.get("Final-Recipient", "")).rpartition(";")[2].strip()
                yield Report(str(parse_enhanced_status(status) or found), action, text, recipient)


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields of a report: one about the mail, then one for each recipient."""
    found = part.get_payload()
    blocks = (
        [each for each in found if isinstance(each, Message)] if isinstance(found, list) else []
    )
    if part.get_content_type() == "message/delivery-status":
        yield from blocks
    elif part.get_content_type() == "message/global-delivery-status":
        # RFC 6533. Python's parser takes it for a mail: one group is its head, its body the rest.
        for block in blocks:
            body = str(block.get_payload()).replace("\r\n", "\n")
            yield from (block, *map(message_from_string, body.split("\n\n")))


def _invitation_of(message: Message, *, recipient: str, now: dt.datetime) -> Invitation | None:
    addresses = [recipient, *(str(message.get(name, "")) for name in _ENVELOPE_HEADERS)]
    for address in addresses:
        pk = read_bounce_address(address, now=now)
        if pk is not None:
            return Invitation.objects.filter(pk=pk).first()
    if settings.BOUNCE_ADDRESS:
        return None  # every bounce of ours comes with a proof: this one is forged or too old
    for part in message.walk():
        found = by_reference(part.get("X-Invitation-Ref")) or by_message_id(part.get("Message-ID"))
        if found is not None:
            return found
    recipients = {report.recipient for report in _reports(message)} - {""}
    return by_address(recipients.pop(), at=now) if len(recipients) == 1 else None
