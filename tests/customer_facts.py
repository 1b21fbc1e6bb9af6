"""Facts about customers that tests need, made in one line each."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from accounts.models import Customer, Event, Measure, Reading, ReadingSpan

TODAY = dt.date(2026, 11, 24)


def day(back: int) -> dt.date:
    """So many days before `TODAY`."""
    return TODAY - dt.timedelta(days=back)


def make_readings(customer: Customer, measure: str, values: dict[dt.date, Any]) -> None:
    """Readings that were known on their days, with what is kept beside them."""
    row, _ = Measure.objects.get_or_create(key=measure)
    Reading.objects.bulk_create(
        Reading(measure=row, day=on, customer=customer, value=Decimal(value), known_from=on)
        for on, value in values.items()
    )
    first, last = min(values), max(values)
    ReadingSpan.objects.create(measure=row, customer=customer, first_day=first, last_day=last)
    row.first_day = min(first, row.first_day or first)
    row.last_day = max(last, row.last_day or last)
    row.save()


def make_event(customer: Customer, kind: str, at: dt.datetime, **fields: Any) -> Event:
    return Event.objects.create(
        customer=customer, kind=kind, at=at, **{"known_from": at.date(), **fields}
    )
