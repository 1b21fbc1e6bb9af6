"""What happened to customers: moments, and windows of days with one row per customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd
from django.utils import timezone

from accounts.models import Event

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
