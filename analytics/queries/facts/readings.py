"""What was measured of every customer in a window of days, one row per customer.

The last day of a window is in it, and nothing later is read: a score of a past day sees what that
day had.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from django.db.models import Count, F, FloatField, Max, Q, Sum, Window
from django.db.models.functions import RowNumber

from accounts.models import Reading, ReadingSpan

COLUMNS = ["sum", "mean", "last", "max", "days_active", "count", "days_since"]


def reading_window(
    measure: str, *, until: dt.date, days: int, known_by: dt.date | None = None
) -> pd.DataFrame:
    """By customer (primary key), over the `days` days that end with `until`.

    `sum`, `mean` (over the days that have a reading), `last`, `max`, `days_active` (days above 0),
    `count` (days that have a reading) and `days_since` (days from the last one above 0 to `until`;
    NaN where the window has none). Who had readings before and has none in a window that the
    source did tell of stopped: `sum`, `days_active` and `count` are 0, the others NaN. Whoever is
    not in the frame is not known. With `known_by` only readings that were there by that day.
    """
    rows = Reading.objects.filter(
        measure__key=measure, day__gt=until - dt.timedelta(days=days), day__lte=until
    )
    if known_by is not None:
        rows = rows.filter(known_from__lte=known_by)
    found = _summed(rows, until=until)
    if found.empty:
        return found
    found["last"] = _last(rows)
    return _with_stopped(found, measure, until=until)


def _summed(rows: Any, *, until: dt.date) -> pd.DataFrame:
    number = FloatField()
    active = Q(value__gt=0)
    summed = (
        rows.order_by()
        .values_list("customer_id")
        .annotate(
            total=Sum("value", output_field=number),
            highest=Max("value", output_field=number),
            active=Count("day", filter=active),
            number=Count("day"),
            active_on=Max("day", filter=active),
        )
    )
    names = ["customer", "sum", "max", "days_active", "count", "active_on"]
    frame = pd.DataFrame.from_records(list(summed), columns=names).set_index("customer")
    frame["mean"] = frame["sum"] / frame["count"]
    active_on = pd.to_datetime(frame.pop("active_on"))
    frame["days_since"] = (pd.Timestamp(until) - active_on).dt.days.astype(float)
    return frame.reindex(columns=COLUMNS)


def _last(rows: Any) -> pd.Series:
    """The value of each customer's latest day."""
    latest = Window(RowNumber(), partition_by=F("customer_id"), order_by=F("day").desc())
    found = rows.annotate(place=latest).filter(place=1).values_list("customer_id", "value")
    return pd.Series({pk: float(value) for pk, value in found}, dtype=float)


def _with_stopped(found: pd.DataFrame, measure: str, *, until: dt.date) -> pd.DataFrame:
    before = ReadingSpan.objects.filter(measure__key=measure, first_day__lte=until)
    stopped = pd.Index(before.values_list("customer_id", flat=True)).difference(found.index)
    rows = pd.DataFrame(0.0, index=stopped, columns=["sum", "days_active", "count"])
    whole = pd.concat([found, rows.reindex(columns=COLUMNS)]) if len(stopped) else found
    whole.index.name = "customer"
    return whole.astype(float).sort_index()


def imported_later(measure: str, *, until: dt.date, days: int) -> float | None:
    """The share of a window's readings that became known only after its end; None: there are none.

    Such a window is history that a file brought later: nobody could have seen it on the day.
    """
    rows = Reading.objects.filter(
        measure__key=measure, day__gt=until - dt.timedelta(days=days), day__lte=until
    )
    known = rows.aggregate(all=Count("day"), late=Count("day", filter=Q(known_from__gt=until)))
    return known["late"] / known["all"] if known["all"] else None
