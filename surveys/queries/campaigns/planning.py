"""Who a campaign would ask now, when, and for everybody else why not.

The same stream of decisions feeds the preview and planning itself, so that they agree. It goes
through the people in batches of whole persons: memory does not grow with their number, except for
the ids of those who are in the campaign already.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BooleanField, Case, Max, Q, Value, When

from accounts.models import Respondent, Suppression
from accounts.queries.merges import merges
from surveys.domain import frequency
from surveys.domain.eligibility import (
    AskingRules,
    Decision,
    Reason,
    RespondentFacts,
    decide,
    decide_all,
)
from surveys.domain.states import CLAIMABLE, COUNTED
from surveys.models import Campaign, Invitation, Slot
from surveys.models.invitations import ASKED_AT
from surveys.queries.calendar.days import day_of
from surveys.queries.campaigns.audience import AudienceTest
from surveys.queries.campaigns.occasions import Occasions, Reservations, merged_into
from surveys.queries.campaigns.schedule import Schedule

BATCH = 2000

Keys = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Preview:
    """`reasons` counts those who are not asked; with `asked` they add up to all respondents.

    `audience` leaves out who was erased or stands outside the segments. `next_dates` counts the
    capped ones by the day (in the organisation's zone) on which they may be asked; `first_dates`
    tells for each reason that time takes away when the first of them may be. The first and the last
    e-mail leave at `starts` and `ends`, and never more than `busiest` on one day.
    """

    asked: int
    reasons: dict[Reason, int]
    next_dates: dict[dt.date, int]
    first_dates: dict[Reason, dt.datetime]
    starts: dt.datetime | None = None
    ends: dt.datetime | None = None
    busiest: int = 0

    @property
    def earliest(self) -> dt.datetime | None:
        return self.first_dates.get(Reason.CAPPED)

    @property
    def audience(self) -> int:
        outside = self.reasons.get(Reason.OUTSIDE_AUDIENCE, 0) + self.reasons.get(Reason.ERASED, 0)
        return self.asked + sum(self.reasons.values()) - outside

    @property
    def left_out(self) -> int:
        """Of the audience, those who are not asked."""
        return self.audience - self.asked

    @property
    def neither(self) -> int:
        """Of the audience, those who are not asked and were not."""
        return self.left_out - self.reasons.get(Reason.ALREADY_INVITED, 0)


@dataclass(slots=True)
class Tally:
    reasons: Counter[Reason] = field(default_factory=Counter)
    next_dates: Counter[dt.date] = field(default_factory=Counter)
    first_dates: dict[Reason, dt.datetime] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(settings.TIME_ZONE))
    starts: dt.datetime | None = None
    ends: dt.datetime | None = None
    days: Counter[dt.date] = field(default_factory=Counter)

    def add(self, decision: Decision, *, at: dt.datetime | None = None) -> None:
        if at is not None:
            self.starts, self.ends = min(at, self.starts or at), max(at, self.ends or at)
            self.days[at.astimezone(self.zone).date()] += 1
        self.reasons[decision.reason] += 1
        reason, possible = decision.reason, decision.next_possible
        if possible is None or reason is Reason.ASKED:
            return
        self.first_dates[reason] = min(possible, self.first_dates.get(reason, possible))
        if reason is Reason.CAPPED:
            self.next_dates[possible.astimezone(self.zone).date()] += 1

    def preview(self) -> Preview:
        asked = self.reasons.get(Reason.ASKED, 0)
        others = {reason: self.reasons[reason] for reason in Reason if self.reasons[reason]}
        others.pop(Reason.ASKED, None)
        dates = dict(sorted(self.next_dates.items()))
        busiest = max(self.days.values(), default=0)
        return Preview(asked, others, dates, self.first_dates, self.starts, self.ends, busiest)


@dataclass(frozen=True, slots=True)
class Decided:
    """One respondent's decision, with what an invitation needs where they are to be asked."""

    facts: RespondentFacts
    decision: Decision
    email: str = ""
    send_at: dt.datetime | None = None
    send_by: dt.datetime | None = None


def preview(campaign: Campaign, *, now: dt.datetime) -> Preview:
    """What planning would do when nothing else runs: now, or when the campaign starts."""
    tally = Tally()
    for batch in decisions(campaign, now=max(now, campaign.starts_at or now)):
        for decided in batch:
            tally.add(decided.decision, at=decided.send_at)
    return tally.preview()


def decided_for(
    campaign: Campaign, *, reason: Reason, now: dt.datetime
) -> list[tuple[int, dt.datetime | None]]:
    """The respondents whom the preview counts under a reason, with when that will change."""
    return [
        (each.facts.respondent_id, each.decision.next_possible)
        for batch in decisions(campaign, now=max(now, campaign.starts_at or now))
        for each in batch
        if each.decision.reason is reason
    ]


def explain(campaign: Campaign, respondent: Respondent, *, now: dt.datetime) -> Decision:
    """Why this respondent is or would not be asked, without regard to pace and hours."""
    facts = Facts(campaign, now=now, only=[respondent.person_id])
    rules = asking_rules(campaign)
    found = (each for batch, _ in facts.batches() for each in batch)
    mine = next((each for each in found if each.respondent_id == respondent.pk), None)
    if mine is None:
        return Decision(Reason.OUTSIDE_AUDIENCE)
    return decide(mine, rules=rules, now=now)


def decisions(
    campaign: Campaign, *, now: dt.datetime, only: Sequence[int] | None = None
) -> Iterator[list[Decided]]:
    """Decisions on all respondents, or on those of the given persons, in order of person."""
    rules = asking_rules(campaign)
    schedule = Schedule(campaign, now=now)
    for batch, contacts in Facts(campaign, now=now, only=only).batches():
        decided = decide_all(batch, rules=rules, now=now)
        yield [with_time(facts, each, contacts, schedule) for facts, each in decided]


def asking_rules(campaign: Campaign) -> AskingRules:
    return AskingRules(
        languages=frozenset(campaign.languages or dict(settings.LANGUAGES)),
        minimum_gap=dt.timedelta(days=campaign.minimum_gap_days),
        by_occasion=campaign.goes_on,
        limit=settings.SURVEYS_PER_YEAR,
    )


def came_free(*, after: dt.datetime, now: dt.datetime) -> list[int]:
    """The persons of whom a slot came free in the meantime."""
    free = Slot.objects.filter(held_by__isnull=True, free_at__gt=after, free_at__lte=now)
    return sorted(set(free.values_list("person_id", flat=True)))


def busy_slots(keys: Keys, *, now: dt.datetime) -> dict[int, list[frequency.Slot]]:
    """Of each person those that are not free."""
    busy = defaultdict(list)
    rows = Slot.objects.filter(Q(held_by__isnull=False) | Q(free_at__gt=now), **keys)
    for person_id, free_at, held_by in rows.values_list("person_id", "free_at", "held_by_id"):
        busy[person_id].append(frequency.Slot(free_at, free_at, held_by))
    return busy


def with_time(
    facts: RespondentFacts,
    decision: Decision,
    contacts: Mapping[int, tuple[str, str]],
    schedule: Schedule,
) -> Decided:
    if decision.reason is not Reason.ASKED:
        return Decided(facts, decision)
    email, zone = contacts[facts.respondent_id]
    send_time = schedule.next(zone, before=facts.occasion.over_at if facts.occasion else None)
    if send_time is None:
        return Decided(facts, Decision(Reason.TOO_LATE))
    return Decided(facts, decision, email, *send_time)


class Facts:
    """What the decision needs to know of each respondent, a batch of persons at a time."""

    def __init__(
        self, campaign: Campaign, *, now: dt.datetime, only: Sequence[int] | None = None
    ) -> None:
        self.campaign = campaign
        self.now = now
        self.only = only
        self.audience = AudienceTest.of(campaign, day=day_of(now))
        self.merged = merges()
        self.occasions = Occasions(campaign, now=now) if campaign.goes_on else None
        self.reservations = Reservations(campaign, now=now)
        self.invited = self._invited()

    def batches(self) -> Iterator[tuple[list[RespondentFacts], dict[int, tuple[str, str]]]]:
        """Batches of facts, each with the address and zone by respondent."""
        for keys in self._person_keys():
            rows = list(self._respondents(keys))
            self.audience.read_customers(row[7] for row in rows)
            slots = busy_slots(keys, now=self.now)
            reserved = self.reservations.moments(keys)
            if self.occasions is not None:
                self.occasions.read([(row[0], row[7]) for row in rows])
            suppressed = Suppression.objects.active().filter(**keys).strongest()
            asked_at = self._last_asked(keys) if self.campaign.minimum_gap_days else {}
            facts = [
                RespondentFacts(
                    respondent_id=row_id,
                    person_id=person_id,
                    language=language,
                    in_audience=self.audience.holds(*about),
                    customer_churned=inactive,
                    erased=erased,
                    has_address=bool(email),
                    already_invited=person_id in self.invited,
                    suppression=suppressed.get(person_id),
                    next_slot_at=self._next_slot(slots.get(person_id, ())),
                    last_asked_at=asked_at.get(person_id),
                    occasion=self.occasions.next(row_id, person_id) if self.occasions else None,
                    asked_at=frequency.asked_at(slots.get(person_id, ()), now=self.now),
                    reserved=reserved.get(person_id, ()),
                )
                for row_id, person_id, email, language, _, erased, inactive, *about in rows
            ]
            yield facts, {row[0]: (row[2], row[4]) for row in rows}

    def _person_keys(self) -> Iterator[Keys]:
        if self.only is not None:
            for start in range(0, len(self.only), BATCH):
                yield {"person_id__in": self.only[start : start + BATCH]}
            return
        last = 0
        while True:
            ahead = Respondent.objects.filter(person_id__gt=last).order_by("person_id")
            upper = ahead.values_list("person_id", flat=True)[BATCH - 1 : BATCH].first()
            if upper is None:
                yield {"person_id__gt": last}
                return
            yield {"person_id__gt": last, "person_id__lte": upper}
            last = upper

    def _respondents(self, keys: Keys) -> Iterable[tuple[Any, ...]]:
        day = day_of(self.now)
        gone = Q(customer__churned_on__lte=day)
        # One that asks those who left has only them in its audience.
        gone = Q(pk__in=[]) if self.campaign.asks_former else gone
        inactive = gone | Q(customer__started_on__gt=day)
        return (
            Respondent.objects.filter(**keys, person__merged_into__isnull=True)
            .order_by("person_id", "id")
            .annotate(
                erased=_truth(Q(person__erased_at__isnull=False)), inactive=_truth(inactive)
            )
            .values_list(
                "id", "person_id", "email", "language", "time_zone", "erased", "inactive",
                *self.audience.columns,
            )
        )  # fmt: skip

    def _next_slot(self, busy: Sequence[frequency.Slot]) -> dt.datetime | None:
        """When the cap lets somebody be asked whom it does not let now."""
        limit = settings.SURVEYS_PER_YEAR
        if len(busy) < limit:
            return None
        slots = (*busy, *frequency.new_slots(frequency.SLOTS - len(busy)))
        return frequency.next_possible(slots, now=self.now, limit=limit)

    def _last_asked(self, keys: Keys) -> dict[int, dt.datetime]:
        """The latest send to the person by any campaign, or the latest planned one."""
        rows = (
            Invitation.objects.filter(Q(**keys) | Q(person__in=merged_into(keys, self.merged)))
            .values("person_id")
            .annotate(
                sent=Max(ASKED_AT, filter=Q(state__in=COUNTED)),
                planned=Max("send_at", filter=Q(state__in=CLAIMABLE)),
            )
            .values_list("person_id", "sent", "planned")
        )
        latest: dict[int, dt.datetime] = {}
        for member, *moments in rows:
            person_id = self.merged.get(member, member)
            for at in filter(None, moments):
                latest[person_id] = max(at, latest.get(person_id, at))
        return latest

    def _invited(self) -> set[int]:
        """Persons in the campaign already, themselves or as somebody since merged into them.

        In one that goes on: lately, so that no change of its rule or of a date asks them again.
        """
        rows = Invitation.objects.filter(campaign_id=self.campaign.pk).order_by()
        if self.occasions is not None:
            rows = rows.filter(send_at__gt=self.now - self.occasions.rest)
        if self.only is not None and len(self.only) <= BATCH:
            merged = Q(person__merged_into__isnull=False)
            rows = rows.filter(Q(person__in=self.only) | merged)
        persons = set(rows.values_list("person_id", flat=True).iterator(chunk_size=10_000))
        return persons | {kept for gone, kept in self.merged.items() if gone in persons}


def _truth(condition: Q) -> Any:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
