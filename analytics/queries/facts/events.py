"""What happened to customers, and when."""

from __future__ import annotations

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
