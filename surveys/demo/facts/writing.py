"""What is known of the demo's customers over time, into the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db.models import Min

from accounts.domain.facts.freshness import ARRIVALS_KEPT, DAYS_KEPT
from accounts.domain.facts.known import event_fact
from accounts.models import (
    Customer,
    CustomerTerms,
    Event,
    ImportedFact,
    Measure,
    MetricSettings,
    MonthlyRevenue,
    Pulse,
    Reading,
    ReadingSpan,
    StaffUser,
)
from accounts.services.bulk import upsert_rows
from accounts.services.imports.facts import record_facts
from surveys.demo.companies import Window
from surveys.demo.facts.told import Told
from surveys.demo.facts.usage import LOG_INS, MEASURES

CURRENCY = "JPY"
# What the demo's organisation chose: log-ins per day and seat, and what it earns of its revenue.
ENGAGED_FROM, MARGIN = Decimal("0.2"), Decimal("0.8")
ROWS, READINGS = 2000, 1000
# A file of the night tells of the day before.
ONE_DAY = dt.timedelta(days=1)
Pairs = Sequence[tuple[Customer, Told]]


def write_facts(pairs: Pairs) -> None:
    staff = {each.email: each for each in StaffUser.objects.all()}
    MonthlyRevenue.objects.bulk_create(_revenue(pairs), batch_size=ROWS)
    CustomerTerms.objects.bulk_create(_terms(pairs), batch_size=ROWS)
    Event.objects.bulk_create(_events(pairs, staff=staff), batch_size=ROWS)
    Pulse.objects.bulk_create(_pulses(pairs, staff=staff), batch_size=ROWS)
    _write_usage(pairs)


def note_facts(*, window: Window) -> None:
    """What files have told of, from the first night to the last."""
    kinds = Event.objects.order_by("kind").values_list("kind", flat=True).distinct()
    facts = [*ImportedFact.Fact.values, *map(event_fact, kinds)]
    for day in (window.firsts[0], window.today):
        record_facts(facts, on=day)
    for measure in Measure.objects.all():
        days = (
            Reading.objects.filter(measure=measure).order_by("-day").values_list("day", flat=True)
        )
        latest = sorted(days.distinct()[:DAYS_KEPT])
        measure.first_day = days.aggregate(first=Min("day"))["first"]
        measure.last_day = latest[-1] if latest else None
        measure.recent_days = [f"{day}" for day in latest]
        measure.arrivals = [f"{day + ONE_DAY}" for day in latest[-ARRIVALS_KEPT:]]
        measure.save()
    MetricSettings.objects.update_or_create(
        pk=MetricSettings.ONLY,
        defaults={
            "margin": MARGIN,
            "engagement_measure": Measure.objects.filter(key=LOG_INS).first(),
            "engagement_from": ENGAGED_FROM,
        },
    )


def _revenue(pairs: Pairs) -> Iterator[MonthlyRevenue]:
    for customer, told in pairs:
        for each in told.sold:
            yield MonthlyRevenue(
                customer=customer,
                month=each.month,
                mrr=each.mrr,
                currency=CURRENCY,
                product=each.product,
                quantity=each.quantity,
            )


def _terms(pairs: Pairs) -> Iterator[CustomerTerms]:
    for customer, told in pairs:
        for each in told.terms:
            yield CustomerTerms(
                customer=customer,
                known_from=each.known_from,
                renews_on=each.renews_on,
                seats=each.seats,
            )


def _events(pairs: Pairs, *, staff: dict[str, StaffUser]) -> Iterator[Event]:
    for customer, told in pairs:
        owner = staff.get(customer.owner_email)
        for each in told.events:
            yield Event(
                customer=customer,
                kind=each.kind,
                at=each.at,
                ref=each.ref,
                value=each.value,
                note=each.note,
                channel=each.channel or "",
                known_from=each.at.date() + (ONE_DAY if each.channel is None else dt.timedelta()),
                created_by=None if each.channel is None else owner,
            )


def _pulses(pairs: Pairs, *, staff: dict[str, StaffUser]) -> Iterator[Pulse]:
    for customer, told in pairs:
        owner = staff.get(customer.owner_email)
        for each in told.pulses:
            yield Pulse(
                customer=customer,
                at=each.at,
                value=each.value,
                reason=each.reason,
                created_by=owner,
            )


def _write_usage(pairs: Pairs) -> None:
    measures = {name: Measure.objects.get_or_create(key=name)[0].pk for name in MEASURES}
    readings, spans = [], []
    for customer, told in pairs:
        for name, days in told.usage.items():
            key = measures[name], customer.pk
            readings += [(key[0], day, key[1], value, day + ONE_DAY, False) for day, value in days]
            if days:
                spans.append((*key, days[0][0], days[-1][0]))
    for start in range(0, len(readings), READINGS):
        upsert_rows(
            Reading,
            ("measure", "day", "customer", "value", "known_from", "is_sum"),
            readings[start : start + READINGS],
            unique=("measure", "day", "customer"),
            update=(),
        )
    ReadingSpan.objects.bulk_create(
        (
            ReadingSpan(measure_id=measure, customer_id=pk, first_day=first, last_day=last)
            for measure, pk, first, last in spans
        ),
        batch_size=ROWS,
    )
