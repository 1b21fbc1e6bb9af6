"""What was measured of customers in a window of days."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from django.db.models import FloatField, Sum

from accounts.models import Reading, ReadingSpan


def reading_sums(measure: str, *, until: dt.date, days: int) -> pd.Series:
    """By customer (primary key), over the `days` days that end with `until`.

    Who had readings before and has none in a window that the source did tell of stopped: that is
    0. Whoever is not there is not known.
    """
    rows = Reading.objects.filter(
        measure__key=measure, day__gt=until - dt.timedelta(days=days), day__lte=until
    )
    total = Sum("value", output_field=FloatField())
    found = pd.Series(dict(rows.order_by().values_list("customer_id").annotate(total)), dtype=float)
    if found.empty:
        return found
    before = ReadingSpan.objects.filter(measure__key=measure, first_day__lte=until)
    known = found.index.union(list(before.values_list("customer_id", flat=True)))
    return found.reindex(known, fill_value=0.0)
