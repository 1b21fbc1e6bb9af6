"""What became of a mail: from the SMTP phase and reply, or from a delivery report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from surveys.domain.reasons import InvitationReason, lost_at, refused_at

_ENHANCED = re.compile(r"(?:[2-5][0-9]{2}[ -])?([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![.0-9])")
# Where a server gives no enhanced status: no such mailbox, not local, name not allowed.
_NO_SUCH_MAILBOX = frozenset({550, 551, 553})
# 450 alone is mostly greylisting of one mail; the others speak of the server or of our rate.
_BUSY_SERVER = frozenset({421, 432, 451, 452, 454})
_SYSTEM_SUBJECTS = frozenset({3, 4, 7})


# After its claim an e-mail is handed over or given up within a task's time limit; what is open for
# longer than this, nobody is working on any more.
IN_FLIGHT_AT_MOST = timedelta(minutes=5)


class Phase(StrEnum):
    """How far the conversation was when it ended: the step whose reply is the last known."""

    CONNECT = "connect"
    GREETING = "greeting"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DOT_WRITTEN = "dot_written"
    ACCEPTED = "accepted"


class AttemptOutcome(StrEnum):
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"


class BounceKind(StrEnum):
    HARD = "hard"
    """The mailbox does not exist: suppress."""
    SOFT = "soft"
    """The person's mailbox cannot take it now: counts towards the soft bounce limit."""
    POLICY = "policy"
    """Our reputation or settings, not the person's fault: for the domain breaker."""
    TRANSIENT = "transient"
    """Delayed or misrouted: says nothing lasting."""


class EnhancedStatus(NamedTuple):
    kind: int
    subject: int
    detail: int

    def __str__(self) -> str:
        return f"{self.kind}.{self.subject}.{self.detail}"


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: AttemptOutcome
    reason: str
    suppress: bool = False
    domain_refused: bool = False
    stop_campaign: bool = False
    soft_bounce: bool = False


def parse_enhanced_status(text: str) -> EnhancedStatus | None:
    """The RFC 3463 status that a reply text or a Status field begins with."""
    found = _ENHANCED.match(text.strip())
    return EnhancedStatus(*map(int, found.groups())) if found else None


def decide(
    phase: Phase, *, code: int | None = None, enhanced_status: EnhancedStatus | None = None
) -> Verdict:
    """The verdict on an attempt that ended in `phase`; `code` is `None` for a lost connection."""
    if phase is Phase.ACCEPTED:
        return Verdict(AttemptOutcome.SENT, "accepted")
    # A positive code before the final dot is a step that went well before our side stopped.
    refusal = code if code is not None and code >= 400 else None
    if phase is Phase.DOT_WRITTEN and refusal is None:
        if code is not None:
            return Verdict(AttemptOutcome.SENT, "accepted")
        return Verdict(
            AttemptOutcome.UNKNOWN, InvitationReason.LOST_AFTER_FINAL_DOT, domain_refused=True
        )
    if refusal is None:
        return Verdict(AttemptOutcome.RETRY, lost_at(phase), domain_refused=True)
    if phase in {Phase.CONNECT, Phase.GREETING}:
        return Verdict(AttemptOutcome.RETRY, refused_at(phase, code=refusal), domain_refused=True)
    if refusal < 500:
        blamed = _blames_domain(refusal, status=enhanced_status)
        return Verdict(AttemptOutcome.RETRY, refused_at(phase, code=refusal), domain_refused=blamed)
    if phase is Phase.MAIL:
        # The sender itself is refused: every mail would be. Nobody's invitation is lost by it.
        return Verdict(AttemptOutcome.RETRY, refused_at(phase, code=refusal), stop_campaign=True)
    return _permanent(phase, code=refusal, status=enhanced_status)


def _permanent(phase: Phase, *, code: int, status: EnhancedStatus | None) -> Verdict:
    if status is not None:
        kind = bounce_kind(status)
        suppress = kind is BounceKind.HARD
    else:
        kind = None
        # Only at RCPT is a bare 550 about the mailbox; after DATA it is about the content.
        suppress = phase is Phase.RCPT and code in _NO_SUCH_MAILBOX
    return Verdict(
        AttemptOutcome.FAILED,
        refused_at(phase, code=code),
        suppress=suppress,
        domain_refused=kind is BounceKind.POLICY,
        soft_bounce=kind is BounceKind.SOFT,
    )


def _blames_domain(code: int, *, status: EnhancedStatus | None) -> bool:
    if code in {421, 432} or status is None:
        return code in _BUSY_SERVER
    return status.subject in _SYSTEM_SUBJECTS


def bounce_kind(status: EnhancedStatus, *, action: str = "failed") -> BounceKind | None:
    """The kind of a delivery report; `None` where it reports no failure."""
    if action.strip().lower() == "delayed":
        return BounceKind.TRANSIENT
    match status:
        case (2, _, _):
            return None
        case (_, 7, _) | (_, 1, 7 | 8):  # 1.7 and 1.8 are about the sender's address
            return BounceKind.POLICY
        case (5, 1, _):
            return BounceKind.HARD
        case (_, 4, _):
            return BounceKind.TRANSIENT
        case _:
            return BounceKind.SOFT
