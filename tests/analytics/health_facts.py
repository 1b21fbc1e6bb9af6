"""Random facts of customers, and the rows that hold them; those of later days can come later."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from typing import Any

from accounts.models import (
    Customer,
    CustomerTerms,
    CustomerVersion,
    Dimension,
    Event,
    Measure,
    MonthlyRevenue,
    Pulse,
    Reading,
    ReadingSpan,
)
from tests.analytics import world
from tests.analytics.health_oracle import Known

FIRST, LAST = dt.date(2026, 1, 5), dt.date(2026, 8, 31)
MEASURES, KINDS = ("logins", "clicks"), ("ticket_opened", "trained", "onboarding_completed")
SEGMENTS = ("small", "large")
Chosen = Callable[[dt.date], bool]


def random_customers(chance: random.Random, number: int) -> list[Known]:
    return [_Maker(chance).customer(f"c{place:03}") for place in range(number)]


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def day(self, first: dt.date = FIRST) -> dt.date:
        return first + dt.timedelta(days=self.chance.randint(0, (LAST - first).days))

    def moment(self) -> dt.datetime:
        """Around midnight too: the day is that of the organisation."""
        hour, minute = self.chance.choice([0, 9, 15, 23]), self.chance.randint(0, 59)
        return dt.datetime.combine(self.day(), dt.time(hour, minute), dt.UTC)

    def some(self, most: int) -> range:
        return range(self.chance.randint(0, most))

    def customer(self, name: str) -> Known:
        choice = self.chance.choice
        found = Known(name, choice([None, dt.date(2025, 3, 1), dt.date(2025, 9, 9), self.day()]))
        if self.chance.random() < 0.5:
            found.churned = self.day((found.started or FIRST) + dt.timedelta(days=1))
        dates = [dt.date(2025, 1, 1), *sorted({self.day() for _ in self.some(2)})]
        found.versions = [
            (since, {"size": choice(SEGMENTS), "users": choice(["3", "7", "x", "12.5"])})
            for since in dates
        ]
        found.terms = [
            (since, choice([None, 0, 2, 5]), choice([None, dt.date(2026, 10, 1)]))
            for since in sorted({dates[0], *(self.day() for _ in self.some(2))})
        ]
        months = [dt.date(2026, month, 1) for month in range(1, 9)]
        paid = months[self.chance.randint(0, 3) :]
        found.mrr = {month: float(choice([0, 50, 80, 120])) for month in paid}
        found.pulses = [(self.moment(), float(choice(range(11)))) for _ in self.some(2)]
        self._usage(found)
        self._answers(found)
        return found

    def _usage(self, found: Known) -> None:
        for measure in MEASURES:
            if self.chance.random() < 0.8:
                days = sorted({self.day() for _ in range(self.chance.randint(1, 60))})
                found.usage[measure] = {day: self.chance.choice([0.0, 1.0, 2.5]) for day in days}
        for kind in KINDS:
            values = [None, 0.0, 3.5]
            found.events[kind] = [(self.moment(), self.chance.choice(values)) for _ in self.some(4)]

    def _answers(self, found: Known) -> None:
        for who in self.some(2):
            for _ in range(2):
                sent = self.moment()
                at = sent + dt.timedelta(hours=self.chance.randint(1, 200))
                came = at if self.chance.random() < 0.7 else None
                counts = self.chance.random() < 0.9
                found.asked.append((who, sent, came, self.chance.randint(0, 10), counts))


def write(customers: Sequence[Known], *, zone: Any, only: Chosen = lambda day: True) -> None:
    """The facts of the days that are chosen; called again for the others, it adds those."""
    world.tell_of_churn()
    if not Dimension.objects.exists():
        world.make_dimension("size")
    measures = {key: Measure.objects.get_or_create(key=key)[0] for key in MEASURES}
    for each in customers:
        _write(each, zone, only, measures)


def _write(known: Known, zone: Any, only: Chosen, measures: Any) -> None:
    def chosen(moment: dt.datetime) -> bool:
        return only(moment.astimezone(zone).date())

    row, _ = Customer.objects.get_or_create(
        customer_id=known.customer_id,
        defaults={"started_on": known.started, "attributes": known.versions[-1][1]},
    )
    if known.churned and only(known.churned):
        Customer.objects.filter(pk=row.pk).update(churned_on=known.churned)
    CustomerVersion.objects.bulk_create(
        CustomerVersion(customer=row, known_from=since, attributes=given)
        for since, given in known.versions
        if only(since)
    )
    CustomerTerms.objects.bulk_create(
        CustomerTerms(customer=row, known_from=since, seats=seats, renews_on=renews)
        for since, seats, renews in known.terms
        if only(since)
    )
    MonthlyRevenue.objects.bulk_create(
        MonthlyRevenue(customer=row, month=month, mrr=amount)
        for month, amount in known.mrr.items()
        if only((month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1))
    )
    for key, readings in known.usage.items():
        days = [day for day in readings if only(day)]
        Reading.objects.bulk_create(
            Reading(
                measure=measures[key], customer=row, day=day, value=readings[day], known_from=day
            )
            for day in days
        )
        _widen(measures[key], row, days)
    Event.objects.bulk_create(
        Event(customer=row, kind=kind, at=at, value=value, ref=f"{kind} {place}", known_from=at)
        for kind, rows in known.events.items()
        for place, (at, value) in enumerate(rows)
        if chosen(at)
    )
    Pulse.objects.bulk_create(
        Pulse(customer=row, at=at, value=value, reason="x")
        for at, value in known.pulses
        if chosen(at)
    )
    _write_answers(known, row, chosen)


def _widen(measure: Measure, row: Customer, days: Sequence[dt.date]) -> None:
    if not days:
        return
    span = ReadingSpan.objects.filter(measure=measure, customer=row)
    old = [day for each in span for day in (each.first_day, each.last_day)]
    span.delete()
    first, last = min([*old, *days]), max([*old, *days])
    ReadingSpan.objects.create(measure=measure, customer=row, first_day=first, last_day=last)


def _write_answers(known: Known, row: Customer, chosen: Any) -> None:
    people: dict[int, Any] = {}
    for who, sent, at, score, good in known.asked:
        if not chosen(sent):
            continue
        people[who] = people.get(who) or world.make_respondent(row)
        asked = world.ask(people[who], world.make_campaign(), sent=sent.isoformat())
        if at and chosen(at):
            world.answer(asked, score, at=at.isoformat(), suspect=not good)
