"""Usage, events, terms and judgements of customers."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
from django.conf import settings
from django.db.models import BigIntegerField, ExpressionWrapper, F, FloatField, Min, QuerySet, Value
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from accounts.domain.facts.contacts import PULSE_LASTS
from accounts.domain.facts.events import EventKind
from accounts.models import CustomerTerms, Event, Pulse, Reading, ReadingSpan
from analytics.domain.health.facts.series import Latest, Series, Values
from analytics.domain.health.facts.windows import Happened, Until, Windowed
from analytics.domain.health.facts.working_days import calendar_days
from analytics.domain.health.formulas.sources import Source
from analytics.queries.database.clock import day_of, days_of, midnight
from analytics.queries.database.columns import (
    MISSING,
    DayNumber,
    Moment,
    Real,
    day_of_number,
    number_of_day,
    packed_slices,
    reals,
    seconds_of_moments,
    unpacked_columns,
)
from analytics.queries.health.sources.places import Customers, read_columns
from surveys.queries.calendar.calendars import holiday_dates

SLICES = 2
# More than there are customers; a day and a customer in one number.
_DAY = 1 << 32


def seats(source: Source, customers: Customers) -> Series:
    """As with segments: what was known by the day, else the earliest known."""
    rows = CustomerTerms.objects.filter(seats__isnull=False)
    pks, days, values = read_columns(rows, "customer_id", DayNumber("known_from"), "seats")
    return Latest(customers.rows(pks, days, values.astype(np.float64)), reaches_back=True)


def days_to_renewal(source: Source, customers: Customers) -> Series:
    """Only dates known by the day: the last one tells whether the customer renewed before."""
    rows = CustomerTerms.objects.filter(known_from__lte=day_of_number(customers.last))
    pks, days, renews = read_columns(
        rows, "customer_id", DayNumber("known_from"), DayNumber("renews_on")
    )
    values = np.where(renews == MISSING, np.nan, renews.astype(np.float64))
    return Until(customers.rows(pks, days, values))


def pulse(source: Source, customers: Customers) -> Series:
    rows = Pulse.objects.filter(at__lt=_end(customers))
    pks, moments, values = read_columns(rows, "customer_id", Moment("at"), "value")
    order = np.argsort(moments, kind="stable")
    found = customers.rows(pks[order], _days(moments[order]), values[order].astype(np.float64))
    return Latest(found, expires_after=PULSE_LASTS.days - 1)


def usage(source: Source, customers: Customers) -> Series:
    spans = ReadingSpan.objects.filter(measure__key=source.name)
    owners, first = read_columns(spans, "customer_id", DayNumber("first_day"))
    rows = customers.rows(*_readings(source.name, customers))
    return Windowed(rows, _first_days(customers, owners, first), _working_days)


def _readings(
    measure: str, customers: Customers
) -> tuple[NDArray[np.int64], NDArray[np.int64], Values]:
    """Whose, of which day and how much: millions of rows, so two numbers for each."""
    edges = np.linspace(customers.first - customers.window, customers.last + 1, SLICES + 1)
    days = [day_of_number(int(edge)) for edge in edges]
    rows = Reading.objects.filter(measure__key=measure)
    slices = [rows.filter(day__gte=low, day__lt=high) for low, high in pairwise(days)]
    day_and_customer = ExpressionWrapper(
        DayNumber("day") * Value(_DAY, BigIntegerField()) + F("customer_id"), BigIntegerField()
    )
    found = packed_slices(slices, by="measure_id", columns=[day_and_customer, Real("value")])
    # The slices come as they are done; in their order, nothing is left to be sorted.
    parts = sorted(
        (unpacked_columns(row[-1], width=2) for row in found), key=lambda part: part[0, 0]
    )
    keys, values = np.concatenate([np.empty((2, 0), dtype=np.int64), *parts], axis=1)
    return keys % _DAY, keys // _DAY, reals(values)


def events(source: Source, customers: Customers) -> Series:
    pks, moments, values = read_columns(
        _of_kind(source.name, customers).filter(at__gte=_start(customers)),
        "customer_id",
        Moment("at"),
        # An event without a value counts as 1.
        Real(Coalesce("value", Value(1.0), output_field=FloatField())),
    )
    rows = customers.rows(pks, _days(moments), reals(values))
    first = Event.objects.filter(kind=source.name).aggregate(first=Min("at"))["first"]
    told = np.inf if first is None else float(number_of_day(day_of(first)))
    return Windowed(rows, np.full(len(customers), told), _working_days, absent_is_none=True)


def onboarding_done(source: Source, customers: Customers) -> Series:
    rows = _of_kind(EventKind.ONBOARDING_COMPLETED, customers)
    pks, moments = read_columns(rows, "customer_id", Moment("at"))
    return Happened(customers.rows(pks, _days(moments), np.ones(len(pks))))


def _of_kind(kind: str, customers: Customers) -> QuerySet[Event]:
    return Event.objects.filter(kind=kind, at__lt=_end(customers))


def _first_days(customers: Customers, pks: NDArray[np.int64], days: NDArray[np.int64]) -> Values:
    places, known = customers.places(pks)
    found = np.full(len(customers), np.inf)
    found[places[known]] = days[known]
    return found


def _days(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    return days_of(seconds_of_moments(moments)).astype(np.int64)


def _start(customers: Customers) -> dt.datetime:
    return midnight(day_of_number(customers.first - customers.window))


def _end(customers: Customers) -> dt.datetime:
    return midnight(day_of_number(customers.last + 1))


def _working_days(day: int, number: int) -> int:
    """Without the holidays of the organisation's country, as its language says it."""
    country = {"ja": "JP"}.get(settings.LANGUAGE_CODE, "")
    return calendar_days(
        day_of_number(day),
        number,
        is_holiday=lambda each: bool(country) and each in holiday_dates(country, each.year),
    )
