"""Readings that come in: what of them is new, the sums of respondents', and when they came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model

from accounts.domain.facts.freshness import ARRIVALS_KEPT, DAYS_KEPT
from accounts.domain.imports.cells.numbers import NUMBER_STEP
from accounts.models import Measure, Reading, ReadingSpan, Respondent, RespondentReading
from accounts.services.bulk import table_of, upsert, upsert_rows

ROWS = 1000


class Given(NamedTuple):
    """A number of a customer, or of one of its respondents (primary keys)."""

    measure: str
    day: dt.date
    customer: int
    respondent: int | None
    value: Decimal


class Readings:
    """Sets readings batch by batch; `finish` keeps what is said of all of them together."""

    def __init__(self, *, today: dt.date) -> None:
        self._today = today
        self._measures: dict[str, int] = dict(Measure.objects.values_list("key", "pk"))
        self._there = _days_there(self._measures)
        self._spans: dict[tuple[str, int], tuple[dt.date, dt.date]] = {}
        self._days: dict[str, set[dt.date]] = {}

    def known(self, given: Sequence[Given]) -> list[Decimal | None]:
        """The value of each that was there before."""
        old = [each for each in given if self._may_be_there(each)]
        found = {
            table: _values(table, [self._key(each) for each in old if _table(each) is table])
            for table in (Reading, RespondentReading)
        }
        return [
            found[_table(each)].get(self._key(each)) if self._may_be_there(each) else None
            for each in given
        ]

    def _may_be_there(self, given: Given) -> bool:
        days = self._there.get(given.measure)
        return days is not None and days[0] <= given.day <= days[1]

    def write(self, changed: Sequence[Given]) -> None:
        self._make_measures({each.measure for each in changed})
        of_respondents = [each for each in changed if each.respondent is not None]
        own = [each for each in changed if each.respondent is None]
        self._set(Reading, own, is_sum=False)
        self._set(RespondentReading, of_respondents)
        sums = {(self._measures[each.measure], each.day, each.customer) for each in of_respondents}
        for part in _parts(sorted(sums)):
            _sum_up(part, today=self._today)

    def _set(self, table: type[Model], given: Sequence[Given], **more: object) -> None:
        names = (*_KEYS[table], "value", "known_from", *more)
        rest = (self._today, *more.values())
        for part in _parts(given):
            rows = [(*self._key(each), each.value, *rest) for each in part]
            upsert_rows(table, names, rows, unique=_KEYS[table], update=names[3:])

    def note(self, given: Iterable[Given]) -> None:
        """That these were in the file, whether they were new or not."""
        for measure, day, customer, *_ in given:
            first, last = self._spans.get((measure, customer), (None, None))
            if first is None or last is None:
                self._spans[measure, customer] = day, day
            elif not first <= day <= last:
                self._spans[measure, customer] = min(first, day), max(last, day)
        for measure, day in {(measure, day) for measure, day, *_ in given}:
            self._days.setdefault(measure, set()).add(day)

    def finish(self) -> None:
        with transaction.atomic():
            for measure in sorted(self._days):
                self._keep(measure, self._days[measure])
            rows = [
                (self._measures[measure], customer, *span)
                for (measure, customer), span in sorted(self._spans.items())
            ]
            for part in _parts(rows):
                _widen_spans(part)

    def _key(self, given: Given) -> tuple[Any, ...]:
        whose = given.customer if given.respondent is None else given.respondent
        return self._measures[given.measure], given.day, whose

    def _make_measures(self, keys: set[str]) -> None:
        if missing := keys - self._measures.keys():
            upsert([Measure(key=key) for key in sorted(missing)], unique=["key"], update=[])
            found = Measure.objects.filter(key__in=missing)
            self._measures.update(found.values_list("key", "pk"))

    def _keep(self, key: str, days: set[dt.date]) -> None:
        row = Measure.objects.select_for_update().get(key=key)
        first, last = min(days), max(days)
        known = {dt.date.fromisoformat(day) for day in row.recent_days}
        row.recent_days = [f"{day}" for day in sorted(known | days)[-DAYS_KEPT:]]
        if row.last_day is None or last > row.last_day:
            arrivals = sorted({*row.arrivals, f"{self._today}"})
            row.last_day, row.arrivals = last, arrivals[-ARRIVALS_KEPT:]
        row.first_day = min(first, row.first_day or first)
        row.save()


_KEYS: dict[type[Model], tuple[str, ...]] = {
    Reading: ("measure", "day", "customer"),
    RespondentReading: ("measure", "day", "respondent"),
}
_KEY_TYPES = ("bigint", "date", "bigint")


def _days_there(measures: Mapping[str, int]) -> dict[str, tuple[dt.date, dt.date]]:
    """Between which days there are readings: a night's file has none of them to look up. A
    respondent's are in them, by their sum."""
    found = {}
    for key, pk in measures.items():
        # One after the other: an index finds each, and both at once only PostgreSQL's.
        days = Reading.objects.filter(measure=pk).order_by("day").values_list("day", flat=True)
        if (first := days.first()) and (last := days.last()):
            found[key] = first, last
    return found


def _table(given: Given) -> type[Reading] | type[RespondentReading]:
    return Reading if given.respondent is None else RespondentReading


def _parts(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(rows), ROWS):
        yield rows[start : start + ROWS]


def _values(
    table: type[Reading] | type[RespondentReading], keys: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], Decimal]:
    """By their whole key: a file in no order would otherwise be looked up crosswise."""
    found: dict[tuple[Any, ...], Decimal] = {}
    own = "NOT is_sum AND" if table is Reading else ""
    columns = f"measure_id, day, {'customer' if table is Reading else 'respondent'}_id"
    for part in _parts(keys):
        wanted, parameters = table_of(part, types=_KEY_TYPES)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns}, value FROM {table._meta.db_table} "  # noqa: S608
                f"WHERE {own} ({columns}) IN ({wanted})",
                parameters,
            )
            for measure, day, whose, value in cursor.fetchall():
                found[measure, day, whose] = Decimal(str(value)).quantize(NUMBER_STEP)
    return found


def _sum_up(keys: Sequence[tuple[Any, ...]], *, today: dt.date) -> None:
    """What a customer's respondents have together, unless a file gave the customer's own number."""
    given, summed = RespondentReading._meta.db_table, Reading._meta.db_table
    wanted, parameters = table_of(keys, types=_KEY_TYPES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {summed} (measure_id, day, customer_id, value, known_from, is_sum) "  # noqa: S608
            "SELECT r.measure_id, r.day, p.customer_id, ROUND(SUM(r.value), 6), "
            f"{'%s::date' if connection.vendor == 'postgresql' else '%s'}, TRUE "
            f"FROM {given} r JOIN {Respondent._meta.db_table} p ON p.id = r.respondent_id "
            f"WHERE (r.measure_id, r.day, p.customer_id) IN ({wanted}) "
            "GROUP BY r.measure_id, r.day, p.customer_id "
            "ON CONFLICT (measure_id, day, customer_id) DO UPDATE "
            f"SET value = EXCLUDED.value, known_from = EXCLUDED.known_from WHERE {summed}.is_sum",
            [str(today), *parameters],
        )


def _widen_spans(rows: Sequence[tuple[Any, ...]]) -> None:
    table = ReadingSpan._meta.db_table
    given, parameters = table_of(rows, types=("bigint", "bigint", "date", "date"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (measure_id, customer_id, first_day, last_day) {given} "
            "ON CONFLICT (measure_id, customer_id) DO UPDATE SET "
            f"first_day = CASE WHEN EXCLUDED.first_day < {table}.first_day "
            f"THEN EXCLUDED.first_day ELSE {table}.first_day END, "
            f"last_day = CASE WHEN EXCLUDED.last_day > {table}.last_day "
            f"THEN EXCLUDED.last_day ELSE {table}.last_day END",
            parameters,
        )
