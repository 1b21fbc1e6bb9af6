"""Who may be mailed at all, whatever the campaign."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

SOFT_BOUNCE_LIMIT = 3
SOFT_BOUNCE_WINDOW = timedelta(days=30)


class SuppressionReason(StrEnum):
    OPTED_OUT = "opted_out"
    COMPLAINED = "complained"
    BOUNCED = "bounced"
    MANUAL = "manual"


class MailFact(StrEnum):
    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCE = "soft_bounce"
    COMPLAINT = "complaint"


def strongest(reasons: Collection[SuppressionReason]) -> SuppressionReason | None:
    """The one reason to show: the person's own wish before what happened to their mail."""
    return next((known for known in SuppressionReason if known in reasons), None)


def suppression_after(facts: Iterable[tuple[datetime, MailFact]]) -> SuppressionReason | None:
    """What the history of a person's mail says, in whatever order the facts arrived."""
    known = list(facts)
    kinds = {kind for _, kind in known}
    if MailFact.COMPLAINT in kinds:
        return SuppressionReason.COMPLAINED
    if MailFact.HARD_BOUNCE in kinds:
        return SuppressionReason.BOUNCED
    soft = sorted(at for at, kind in known if kind is MailFact.SOFT_BOUNCE)
    return SuppressionReason.BOUNCED if _too_many_soft(soft) else None


def _too_many_soft(moments: list[datetime]) -> bool:
    last_of_run = moments[SOFT_BOUNCE_LIMIT - 1 :]
    runs = zip(moments, last_of_run, strict=False)
    return any(last - first <= SOFT_BOUNCE_WINDOW for first, last in runs)
