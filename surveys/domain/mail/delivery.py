"""What became of a mail: from the SMTP phase and reply, or from a delivery report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from surveys.domain.mail.bounces import (
    BounceKind,
    EnhancedStatus,
    classify,
    parse_enhanced_status,
)
from surveys.domain.reasons import InvitationReason, lost_at, refused_at

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


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: AttemptOutcome
    reason: str
    domain_refused: bool = False
    stop_campaign: bool = False
    # What a refusal for good says of the person, or of us.
    bounce: BounceKind | None = None


def decide(phase: Phase, *, code: int | None = None, text: str = "") -> Verdict:
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
        return _temporary(phase, code=refusal, text=text)
    if phase is Phase.MAIL:
        # The sender itself is refused: every mail would be. Nobody's invitation is lost by it.
        return Verdict(AttemptOutcome.RETRY, refused_at(phase, code=refusal), stop_campaign=True)
    return _permanent(phase, code=refusal, text=text)


def _temporary(phase: Phase, *, code: int, text: str) -> Verdict:
    blamed = _blames_domain(code, status=parse_enhanced_status(text))
    # What it is called if it is given up in the end.
    kind = classify(text, code=code, at_recipient=True) if phase is Phase.RCPT else None
    reason = refused_at(phase, code=code)
    return Verdict(AttemptOutcome.RETRY, reason, domain_refused=blamed, bounce=kind)


def _permanent(phase: Phase, *, code: int, text: str) -> Verdict:
    # Only at RCPT is a bare 550 about the mailbox; after DATA it is about the content.
    kind = classify(text, code=code, at_recipient=phase is Phase.RCPT)
    return Verdict(
        AttemptOutcome.FAILED,
        refused_at(phase, code=code),
        domain_refused=kind is BounceKind.POLICY,
        bounce=kind,
    )


def _blames_domain(code: int, *, status: EnhancedStatus | None) -> bool:
    if code in {421, 432} or status is None:
        return code in _BUSY_SERVER
    return status.subject in _SYSTEM_SUBJECTS
