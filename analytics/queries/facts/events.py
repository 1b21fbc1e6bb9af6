"""What happened to customers: moments, and windows of days with one row per customer."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from functools import partial

import numpy as np
import pandas as pd
from django.utils import timezone

from accounts.models import Event
from analytics.queries.database.columns import (
    Listed,
    Moment,
    Packed,
    columns_with_keys,
    seconds_of_moments,
)
from analytics.queries.database.snapshot import once

COLUMNS = ["customer", "kind", "at", "ref", "value"]


def events_between(
    kinds: Collection[str], *, since: dt.date | None = None, until: dt.date
) -> pd.DataFrame:
    """Rows of `customer` (primary key), `kind`, `at` (UTC), `ref`, `value` (NaN: none), by `at`.

    From the first moment of `since` up to the last one of `until`, both days of the organisation.
    """
    rows = Event.objects.filter(kind__in=kinds, at__lt=_start_of(until + dt.timedelta(days=1)))
    if since is not None:
        rows = rows.filter(at__gte=_start_of(since))
    found = rows.order_by("at", "pk").values_list("customer_id", *COLUMNS[1:])
    frame = pd.DataFrame.from_records(list(found), columns=COLUMNS)
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    frame["value"] = frame["value"].astype(float)
    return frame


def all_events(kinds: Collection[str]) -> pd.DataFrame:
    """Rows of `customer`, `kind`, `at` (naive, of the organisation's time zone), `ref`, `value`
    (NaN: none), by `at`.

    Of all times: a report that looks at several periods reads them once.
    """
    names = sorted(kinds)
    return once(f"events {names}", partial(_all_events, names))


def _all_events(kinds: Sequence[str]) -> pd.DataFrame:
    """Packed: a quarter of a million rows of Python are what reading would cost."""
    rows = Event.objects.filter(kind__in=kinds).order_by().values_list("kind")
    columns = {"refs": Listed("ref"), "amounts": Listed("value")}
    found = list(rows.annotate(**columns, packed=Packed("customer_id", Moment("at"))))
    (customers, moments), groups = columns_with_keys(found, width=2)
    refs, values = ([each for row in found for each in json.loads(row[n])] for n in (1, 2))
    at = pd.to_datetime(seconds_of_moments(moments), unit="s", utc=True)
    local = at.tz_convert(timezone.get_default_timezone()).tz_localize(None)
    names = pd.Index([row[0] for row in found], dtype="str")
    kind = pd.Categorical.from_codes(groups, categories=names)
    # What is put together by its reference is so by a number.
    places, known = pd.factorize(np.array(refs, dtype=object))
    ref = pd.Categorical.from_codes(places, categories=pd.Index(known, dtype="str"))
    what = {"kind": kind, "at": local, "ref": ref, "value": values}
    frame = pd.DataFrame({"customer": customers, **what}).astype({"value": float})
    return frame.sort_values("at", kind="stable", ignore_index=True)


def event_window(kind: str, *, until: dt.date, days: int) -> pd.DataFrame:
    """By customer, over the `days` days that end with `until`.

    `count`, `sum`, `mean`, `last`, `max` of the events' values (NaN: none has one), `days_active`
    (days with one) and `days_since` (days from the last one to `until`). A customer without one is
    not in the frame: that is 0 events where the kind is known (`accounts.queries.facts`).
    """
    rows = events_between([kind], since=until - dt.timedelta(days=days - 1), until=until)
    zone = timezone.get_default_timezone()
    rows["day"] = rows["at"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    groups = rows.groupby("customer")
    values = groups["value"]
    return pd.DataFrame(
        {
            "count": groups.size().astype(float),
            "sum": values.sum(min_count=1),
            "mean": values.mean(),
            "last": values.last(),
            "max": values.max(),
            "days_active": groups["day"].nunique().astype(float),
            "days_since": (pd.Timestamp(until) - groups["day"].max()).dt.days.astype(float),
        }
    )


def _start_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()), timezone.get_default_timezone())
