"""Where the values of a measure come from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SourceKind(StrEnum):
    NPS_LAST = "nps_last"
    NPS_ACCOUNT = "nps_account"
    CSAT_LAST = "csat_last"
    RESPONSE_RATE = "response_rate"
    MRR = "mrr"
    MRR_CHANGE_3M = "mrr_change_3m"
    MRR_CHANGE_12M = "mrr_change_12m"
    TENURE_MONTHS = "tenure_months"
    DAYS_TO_RENEWAL = "days_to_renewal"
    ONBOARDING_DONE = "onboarding_done"
    OPEN_FOLLOW_UPS = "open_follow_ups"
    PULSE = "pulse"
    # Only divided by.
    SEATS = "seats"
    # These three have a name of their own behind a colon.
    ATTRIBUTE = "attribute"
    USAGE = "usage"
    EVENTS = "events"


NAMED = frozenset({SourceKind.ATTRIBUTE, SourceKind.USAGE, SourceKind.EVENTS})
# Many facts over time, of which a window is taken.
WINDOWED = frozenset({SourceKind.USAGE, SourceKind.EVENTS})
# Single facts that get old.
AGING = frozenset(
    {SourceKind.NPS_LAST, SourceKind.NPS_ACCOUNT, SourceKind.CSAT_LAST, SourceKind.PULSE}
)
MEASURED = frozenset(SourceKind) - {SourceKind.SEATS}
DIVISORS = frozenset({SourceKind.SEATS, SourceKind.MRR, SourceKind.ATTRIBUTE})
MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Source:
    kind: SourceKind
    # Of the attribute, the measure of usage or the kind of event.
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else str(self.kind)


def parse_source(text: object) -> Source | None:
    """`usage:logins` or `nps_last`; None for anything else."""
    if not isinstance(text, str):
        return None
    kind, colon, name = text.partition(":")
    if kind not in set(SourceKind) or bool(colon) != (kind in NAMED):
        return None
    if colon and not 0 < len(name.strip()) <= MAX_NAME:
        return None
    return Source(SourceKind(kind), name.strip())
