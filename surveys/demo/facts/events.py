"""What happened to a customer, from its start to its end."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from random import Random
from zoneinfo import ZoneInfo

from accounts.domain.facts.contacts import Channel
from accounts.domain.facts.events import EventKind
from surveys.demo.companies import Window
from surveys.demo.facts import words
from surveys.demo.schedule import working_hour
from surveys.demo.shape import Company, Happened, Judged, Sold

# Days until the product is set up; some never finish.
SET_UP_DAYS, SET_UP_SPREAD, SET_UP = 34, 0.55, 0.9
# Tickets in a month of a customer of 20 seats; the discontent have more of them.
TICKETS, TICKETS_SEATS, TICKETS_MOOD = 0.55, 20, 0.35
REPLY_HOURS, REPLY_SPREAD, REPLIED = 4, 1.0, 0.97
RESOLVE_HOURS, RESOLVE_SPREAD, RESOLVED = 40, 1.1, 0.93
# How often a month has one of them, by contract, and how much contentment adds.
MONTHLY: dict[EventKind, tuple[dict[str, float], float]] = {
    EventKind.CONTACTED: ({"starter": 0.06, "business": 0.3, "enterprise": 0.75}, 0.0),
    EventKind.TRAINED: ({"starter": 0.02, "business": 0.05, "enterprise": 0.09}, 0.2),
    EventKind.COMMUNITY: ({"starter": 0.02, "business": 0.03, "enterprise": 0.04}, 0.4),
    EventKind.ATTENDED: ({"starter": 0.02, "business": 0.04, "enterprise": 0.06}, 0.3),
    EventKind.MEMBER_INVITED: ({"starter": 0.05, "business": 0.1, "enterprise": 0.15}, 0.4),
    EventKind.REFERRED: ({"starter": 0.006, "business": 0.008, "enterprise": 0.01}, 0.8),
}
JUDGED = {"starter": 0.0, "business": 0.3, "enterprise": 0.8}
JUDGED_EVERY = 3


class Story:
    """Draws what happened to one company until it left, or until now."""

    def __init__(self, company: Company, *, window: Window) -> None:
        self._rng = Random(f"{company.domain} events")  # noqa: S311 - a world, not a secret
        self._company, self._window = company, window
        end = company.churned_on or window.today
        self._end = min(dt.datetime.combine(end, dt.time(), tzinfo=dt.UTC), window.now)
        self._months = [
            first
            for first in window.firsts
            if company.is_active_on(first) or first == company.started_on.replace(day=1)
        ]

    def events(self, *, sold: Sequence[Sold], renewals: Sequence[dt.date]) -> list[Happened]:
        found = [
            *self._start(),
            *self._purchases(sold),
            *(self._renewed(day, sold) for day in renewals[:-1]),
            *(each for month in self._months for each in self._of_month(month)),
        ]
        return [each for each in found if self._is_in_time(each.at)]

    def pulses(self) -> list[Judged]:
        """A CS member's judgement: near how content they are, and now and then wrong."""
        rng, company = self._rng, self._company
        found = []
        if rng.random() < JUDGED[company.attributes["contract"]]:
            for month in self._months[::JUDGED_EVERY]:
                felt = 6.3 + 1.6 * company.mood_on(month) + rng.gauss(0, 1.2)
                value = min(max(round(felt), 0), 10)
                reason = rng.choice(words.pulse_reasons(value, language=company.language))
                found.append(Judged(self._moment(month), value, reason))
        return [each for each in found if self._is_in_time(each.at)]

    def _is_in_time(self, at: dt.datetime) -> bool:
        return self._company.started_on <= at.date() and at < self._end

    def _start(self) -> Iterator[Happened]:
        started, rng = self._company.started_on, self._rng
        days = rng.lognormvariate(math.log(SET_UP_DAYS), SET_UP_SPREAD)
        if rng.random() < SET_UP:
            yield Happened(EventKind.ONBOARDING_COMPLETED, self._on(started, round(days)))

    def _purchases(self, sold: Sequence[Sold]) -> Iterator[Happened]:
        """The first product at the start, further ones in the month that has them first."""
        held: set[str] = set()
        for each in sold:
            if each.product not in held:
                month = self._company.started_on if not held else each.month
                held.add(each.product)
                yield Happened(
                    EventKind.PURCHASED,
                    self._on(month, self._rng.randrange(1, 20)),
                    ref=each.product,
                    value=each.mrr * 12,
                    note=each.product,
                )

    def _renewed(self, day: dt.date, sold: Sequence[Sold]) -> Happened:
        paid = [each.mrr for each in sold if each.month == day.replace(day=1)]
        return Happened(
            EventKind.RENEWED, self._on(day, 0), ref=f"{day}", value=sum(paid) * 12 or None
        )

    def _of_month(self, month: dt.date) -> Iterator[Happened]:
        company, rng = self._company, self._rng
        mood = company.mood_on(month)
        size = math.sqrt(company.seats / TICKETS_SEATS)
        tickets = TICKETS * size * math.exp(-TICKETS_MOOD * mood)
        for _ in range(_count(rng, tickets)):
            yield from self._ticket(month)
        for kind, (by_contract, by_mood) in MONTHLY.items():
            often = by_contract[company.attributes["contract"]] * math.exp(by_mood * mood)
            if rng.random() < often:
                yield self._single(kind, month)

    def _ticket(self, month: dt.date) -> Iterator[Happened]:
        rng, opened = self._rng, self._moment(month)
        if not self._is_in_time(opened):
            return
        ref, note = f"T{rng.randrange(10**8):08}", rng.choice(words.TICKETS[self._company.language])
        yield Happened(EventKind.TICKET_OPENED, opened, ref=ref, note=note)
        if rng.random() < REPLIED:
            hours = rng.lognormvariate(math.log(REPLY_HOURS), REPLY_SPREAD)
            replied = opened + dt.timedelta(hours=hours)
            yield Happened(EventKind.TICKET_REPLIED, replied, ref=ref)
            if rng.random() < RESOLVED:
                hours = rng.lognormvariate(math.log(RESOLVE_HOURS), RESOLVE_SPREAD)
                resolved = replied + dt.timedelta(hours=hours)
                yield Happened(EventKind.TICKET_RESOLVED, resolved, ref=ref)

    def _single(self, kind: EventKind, month: dt.date) -> Happened:
        at, ref = self._moment(month), f"{kind.value}-{month:%Y%m}"
        if kind is not EventKind.CONTACTED:
            return Happened(kind, at, ref=ref)
        channel = self._rng.choice([Channel.CALL, Channel.MEETING, Channel.MAIL])
        note = self._rng.choice(words.CONTACTS[self._company.language])
        return Happened(kind, at, ref=ref, note=note, channel=channel)

    def _moment(self, month: dt.date) -> dt.datetime:
        return self._on(month, self._rng.randrange(28))

    def _on(self, day: dt.date, days_later: int) -> dt.datetime:
        """In office hours of a working day where they are."""
        zone = self._company.time_zone
        noon = dt.datetime.combine(day, dt.time(12), tzinfo=ZoneInfo(zone))
        hour, minute = self._rng.randint(9, 17), self._rng.randrange(60)
        return working_hour(
            noon + dt.timedelta(days=days_later), zone=zone, hour=hour, minute=minute
        )


def _count(rng: Random, mean: float) -> int:
    """Poisson, by Knuth: means are small."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
