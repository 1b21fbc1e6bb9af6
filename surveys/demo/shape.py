"""What a demo world is made of: plain values, without a database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from accounts.domain.contactability import SuppressionReason
from accounts.domain.facts.contacts import Channel
from accounts.domain.facts.events import EventKind
from surveys.domain import frequency
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import CampaignState, InvitationState


@dataclass(frozen=True, slots=True)
class Sizes:
    customers: int = 520
    respondents: int = 1500
    responses: int = 2600
    months: int = 24


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    slug: str
    name: str
    state: CampaignState
    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    audience: dict[str, list[str]] = field(default_factory=dict)
    reminder_after_days: int | None = None
    # Over how many days its mails are spread.
    days: int = 5

    @property
    def asks_satisfaction(self) -> bool:
        """Another system's survey asked for the score alone."""
        return self.state is not CampaignState.IMPORTED


@dataclass(slots=True)
class Company:
    customer_id: str
    name: str
    domain: str
    language: str
    time_zone: str
    owner_email: str
    seats: int
    started_on: dt.date
    churned_on: dt.date | None
    # What was known of it from a day on; the newest comes last.
    versions: list[tuple[dt.date, dict[str, str]]]
    revenue: list[tuple[dt.date, int]]
    # The first of a month to how content they are and how closely in touch.
    mood: dict[dt.date, float]
    closeness: float

    @property
    def attributes(self) -> dict[str, str]:
        return self.versions[-1][1]

    def attributes_on(self, day: dt.date) -> dict[str, str]:
        known = [attributes for since, attributes in self.versions if since <= day]
        return known[-1] if known else self.versions[0][1]

    def mrr_before(self, first: dt.date) -> int:
        """At the last month-end before the first of a month."""
        return next((mrr for month, mrr in reversed(self.revenue) if month < first), 0)

    def is_active_on(self, day: dt.date) -> bool:
        return self.started_on <= day and (self.churned_on is None or day < self.churned_on)

    def mood_on(self, day: dt.date) -> float:
        return self.mood.get(day.replace(day=1), 0.0)


@dataclass(frozen=True, slots=True)
class Answer:
    score: int
    comment: str
    theme: str
    at: dt.datetime
    # What was answered at first, where the answer was changed a little later.
    score_at_first: int | None = None
    # 1 to 5, where the campaign asks and the person said.
    satisfaction: int | None = None


@dataclass(slots=True)
class Asked:
    campaign: CampaignPlan
    public_id: str
    state: InvitationState
    send_at: dt.datetime
    attributes: dict[str, str]
    language: str
    sent_at: dt.datetime | None = None
    reason: str = ""
    bounced_at: dt.datetime | None = None
    reminded_at: dt.datetime | None = None
    answer: Answer | None = None


@dataclass(slots=True)
class Contact:
    email: str
    name: str
    role: str
    language: str
    time_zone: str
    # How this person differs from their company's mood.
    temper: float
    suppressed: tuple[SuppressionReason, dt.datetime, str] | None = None
    asked: list[Asked] = field(default_factory=list)

    @property
    def slots(self) -> frequency.Slots:
        """As the sends left them; held, by its campaign's name, for what is still to be sent."""
        ours = [each for each in self.asked if each.reason != InvitationReason.IMPORTED]
        waiting = [each for each in ours if each.state is InvitationState.QUEUED]
        held = tuple(frequency.Slot(held_by=each.campaign.slug) for each in waiting)
        sends = [each.sent_at for each in ours if each.sent_at]
        return (*held, *frequency.from_history(sends, limit=frequency.SLOTS - len(held)))


@dataclass(frozen=True, slots=True)
class Sold:
    """One product of a customer in a month; the amounts of a month are its whole revenue."""

    month: dt.date
    product: str
    mrr: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Terms:
    known_from: dt.date
    renews_on: dt.date
    seats: int


@dataclass(frozen=True, slots=True)
class Happened:
    kind: EventKind
    at: dt.datetime
    ref: str = ""
    value: int | None = None
    note: str = ""
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A pulse, by whoever looks after the account."""

    at: dt.datetime
    value: int
    reason: str
