"""Brakes on sending: a breaker per recipient domain and per campaign, and a pace per domain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

REFUSALS_IN_A_ROW = 5
WATCHED = timedelta(seconds=60)
REFUSED_SHARE_PERCENT = 20
# Below this a share says nothing: it may be one refusal among three mails.
SHARE_MIN_MAILS = 10
OPEN_FOR = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60))
# A probe whose worker was killed never reports; after this another may go.
PROBE_TIMEOUT = timedelta(minutes=5)

HARD_BOUNCE_MIN_MAILS = 100
HARD_BOUNCE_LIMIT_PERCENT = 5
COMPLAINT_MIN_MAILS = 1000
COMPLAINT_LIMIT_PER_MILLE = 1
# From the first e-mail on: what refuses us for what we are refuses the next one, too.
POLICY_LIMIT_PERCENT = 1


@dataclass(frozen=True, slots=True)
class DomainBreaker:
    """Closed while `open_until` is `None`; past `open_until` it is half open: one mail probes."""

    refused_in_a_row: int = 0
    recent: tuple[tuple[datetime, bool], ...] = ()
    open_until: datetime | None = None
    times_opened: int = 0
    probe_at: datetime | None = None
    # Of the first refusals; it is open, or half open, ever since.
    failing_since: datetime | None = None

    def may_send(self, *, now: datetime) -> bool:
        if self.open_until is None:
            return True
        if now < self.open_until:
            return False
        return self.probe_at is None or now - self.probe_at >= PROBE_TIMEOUT

    def admit(self, *, now: datetime) -> DomainBreaker | None:
        """The breaker once a mail was let through; `None` where none may go."""
        if not self.may_send(now=now):
            return None
        return self if self.open_until is None else replace(self, probe_at=now)

    def tried_now(self, *, now: datetime) -> DomainBreaker:
        """Half open at once: the next e-mail is its probe."""
        if self.open_until is None:
            return self
        return replace(self, open_until=min(self.open_until, now), probe_at=None)

    def record(self, *, refused: bool, now: datetime) -> DomainBreaker:
        if self.open_until is not None:
            return self._record_while_open(refused=refused, now=now)
        seen = (*self.recent, (now, refused))
        after = replace(
            self,
            refused_in_a_row=self.refused_in_a_row + 1 if refused else 0,
            recent=tuple(entry for entry in seen if now - entry[0] < WATCHED),
        )
        return after._opened(now=now) if refused and after._is_failing() else after

    def _record_while_open(self, *, refused: bool, now: datetime) -> DomainBreaker:
        if self.probe_at is None:
            return self  # a mail that was under way when the breaker opened
        return self._opened(now=now) if refused else DomainBreaker()

    def _is_failing(self) -> bool:
        refusals = sum(refused for _, refused in self.recent)
        by_share = (
            len(self.recent) >= SHARE_MIN_MAILS
            and refusals * 100 > len(self.recent) * REFUSED_SHARE_PERCENT
        )
        return by_share or self.refused_in_a_row >= REFUSALS_IN_A_ROW

    def _opened(self, *, now: datetime) -> DomainBreaker:
        pause = OPEN_FOR[min(self.times_opened, len(OPEN_FOR) - 1)]
        return DomainBreaker(
            open_until=now + pause,
            times_opened=self.times_opened + 1,
            failing_since=self.failing_since or now,
        )


class CampaignTrip(StrEnum):
    HARD_BOUNCES = "hard_bounces"
    COMPLAINTS = "complaints"
    POLICY = "policy"


def campaign_trip(
    *, sent: int, hard_bounces: int, complaints: int, policy: int
) -> CampaignTrip | None:
    """Why a campaign must pause: more bad addresses or complaints than mailbox providers bear, or
    e-mails that they refuse whoever they are for."""
    if sent >= COMPLAINT_MIN_MAILS and complaints * 1000 > sent * COMPLAINT_LIMIT_PER_MILLE:
        return CampaignTrip.COMPLAINTS
    if sent >= HARD_BOUNCE_MIN_MAILS and hard_bounces * 100 > sent * HARD_BOUNCE_LIMIT_PERCENT:
        return CampaignTrip.HARD_BOUNCES
    if policy * 100 > sent * POLICY_LIMIT_PERCENT:
        return CampaignTrip.POLICY
    return None


@dataclass(frozen=True, slots=True)
class TokenBucket:
    """At most `capacity` mails at once and `per_second` over time."""

    per_second: float
    capacity: float
    tokens: float
    updated_at: datetime

    def __post_init__(self) -> None:
        if self.per_second <= 0 or self.capacity < 1:
            raise ValueError("a pace must be above 0 and let at least one mail through")

    def take(self, *, now: datetime) -> tuple[TokenBucket, timedelta]:
        """The bucket afterwards and how long to wait: zero means that the mail may go now."""
        filled = self._filled(now=now)
        if filled.tokens >= 1:
            return replace(filled, tokens=filled.tokens - 1), timedelta()
        return filled, timedelta(seconds=(1 - filled.tokens) / self.per_second)

    def _filled(self, *, now: datetime) -> TokenBucket:
        # Two machines' clocks differ: an earlier `now` must neither drain nor rewind the bucket.
        passed = max((now - self.updated_at).total_seconds(), 0.0)
        tokens = min(self.capacity, self.tokens + passed * self.per_second)
        return replace(self, tokens=tokens, updated_at=max(now, self.updated_at))


def full_bucket(*, per_second: float, capacity: float, now: datetime) -> TokenBucket:
    return TokenBucket(per_second, capacity, capacity, now)
