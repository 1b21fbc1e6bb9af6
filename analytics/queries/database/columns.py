"""Whole columns of a table in one value: a row of Python per database row is what reading costs.

rows = MonthlyRevenue.objects.values_list("month").annotate(packed=Packed("customer_id", ...))
for month, packed in rows:
    customers, cents = unpacked_columns(packed, width=2)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Aggregate, BigIntegerField, BinaryField, F, Func, QuerySet, TextField
from numpy.typing import NDArray

# What stands in a packed column where the database has nothing.
MISSING = -(1 << 31)
_EPOCH_OF_POSTGRESQL = 946_684_800
_MICROSECONDS = 1_000_000


class _PerDatabase(Func):
    """One expression, written as each database wants it."""

    output_field = BigIntegerField()
    on_postgresql = on_sqlite = ""
    joined_by: dict[str, str] = {}

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        joiner = self.joined_by.get("postgresql")
        return self.as_sql(
            compiler, connection, template=self.on_postgresql, arg_joiner=joiner, **context
        )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        joiner = self.joined_by.get("sqlite")
        return self.as_sql(
            compiler, connection, template=self.on_sqlite, arg_joiner=joiner, **context
        )


class DayNumber(_PerDatabase):
    """Days since 1970 of a date; MISSING where there is none."""

    on_postgresql = f"COALESCE(%(expressions)s - DATE '1970-01-01', {MISSING})"
    on_sqlite = "COALESCE(CAST(julianday(%(expressions)s) - 2440587.5 AS INTEGER), " + f"{MISSING})"


class Cents(_PerDatabase):
    """An amount of two decimals: exact, and the same number as dividing it by a hundred again."""

    on_postgresql = "(%(expressions)s * 100)"
    on_sqlite = "CAST(ROUND(%(expressions)s * 100) AS INTEGER)"


class Moment(_PerDatabase):
    """Microseconds since 2000, which is how PostgreSQL keeps a moment; only inside of Packed."""

    on_postgresql = "timestamptz_send(%(expressions)s)"
    # Its text without the fraction: strftime rounds to milliseconds before it cuts off, so the last
    # half of one would be in the next second, and of a day in the next day. One pair of signs is
    # used up here, the other by the cursor.
    on_sqlite = (
        "((CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER)"
        f" - {_EPOCH_OF_POSTGRESQL}) * {_MICROSECONDS})"
    )


class Real(_PerDatabase):
    """A decimal number, only inside of Packed; `reals` reads the column."""

    on_postgresql = "float8send((%(expressions)s)::float8)"
    on_sqlite = f"CAST(ROUND(%(expressions)s * {_MICROSECONDS}) AS INTEGER)"


class _Number(_PerDatabase):
    on_postgresql = "int8send((%(expressions)s)::bigint)"
    on_sqlite = "(%(expressions)s)"


class _Row(_PerDatabase):
    on_postgresql = on_sqlite = "%(expressions)s"
    joined_by = {"postgresql": " || ", "sqlite": " || ',' || "}


class Packed(Aggregate):
    """The given whole numbers of every row of a group, row after row, in no order.

    PostgreSQL gives eight bytes a number, SQLite their digits; `unpacked_columns` reads both.
    """

    output_field = BinaryField()

    def __init__(self, *columns: Any, **extra: Any) -> None:
        # A copy of the expression comes back with its one source: the row that was made here.
        if len(columns) == 1 and isinstance(columns[0], _Row):
            super().__init__(*columns, **extra)
            return
        named = [F(each) if isinstance(each, str) else each for each in columns]
        ready = (Moment, Real)
        numbers = [each if isinstance(each, ready) else _Number(each) for each in named]
        super().__init__(_Row(*numbers), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "string_agg(%(expressions)s, ''::bytea)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="group_concat(%(expressions)s)")


class Listed(Aggregate):
    """A column of every row of a group as JSON, in the order of the Packed beside it."""

    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "json_agg(%(expressions)s)::text"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="json_group_array(%(expressions)s)")


def packed_groups(
    rows: QuerySet[Any], *, by: Sequence[str], columns: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """A row per combination of `by`, the packed columns last."""
    packed = Packed(*columns)
    if by:
        return list(rows.order_by().values_list(*by).annotate(_packed=packed))
    found = rows.order_by().aggregate(_packed=packed)["_packed"]
    return [] if found is None else [(found,)]


def packed_slices(
    slices: Sequence[QuerySet[Any]], *, by: str, columns: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """A row per slice and value of `by`, in no order: PostgreSQL reads the slices side by side."""
    packed = Packed(*columns)
    first, *rest = (rows.order_by().values_list(by).annotate(_packed=packed) for rows in slices)
    return list(first.union(*rest, all=True))


def unpacked_columns(packed: bytes | str, *, width: int) -> NDArray[np.int64]:
    """A row per column."""
    if isinstance(packed, str):
        numbers = np.fromstring(packed, dtype=np.int64, sep=",")
    else:
        numbers = np.frombuffer(packed, dtype=">i8").astype(np.int64)
    return numbers.reshape(-1, width).T


def columns_with_keys(
    rows: Sequence[tuple[Any, ...]], *, width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """From rows of (key, ..., packed): the columns of all groups, and the group of each row."""
    parts = [unpacked_columns(row[-1], width=width) for row in rows]
    if not parts:
        return np.empty((width, 0), dtype=np.int64), np.empty(0, dtype=np.int64)
    groups = np.repeat(np.arange(len(parts)), [part.shape[1] for part in parts])
    return np.concatenate(parts, axis=1), groups


def days_of_numbers(numbers: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """DayNumber back as days; not a time where it is MISSING."""
    days = numbers.astype("datetime64[D]")
    days[numbers == MISSING] = np.datetime64("NaT")
    return days


def seconds_of_moments(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """Moment as whole seconds since 1970."""
    return moments // _MICROSECONDS + _EPOCH_OF_POSTGRESQL


def reals(column: NDArray[np.int64]) -> NDArray[np.float64]:
    """Real back as numbers: PostgreSQL sends their bits, SQLite has six decimals."""
    if connection.vendor == "postgresql":
        return np.ascontiguousarray(column).view(np.float64)
    return column / _MICROSECONDS


def number_of_day(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days


def day_of_number(number: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=number)
