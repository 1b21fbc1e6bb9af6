"""What may have happened between us and a person."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    PLANNED = "planned"
    SENT = "sent"
    REMINDED = "reminded"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SENDING = "sending"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    ACCEPTED = "accepted"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    INTENT = "intent"
    ANSWERED = "answered"
    CHANGED = "changed"
    STOPPED = "stopped"
    LIFTED = "lifted"
