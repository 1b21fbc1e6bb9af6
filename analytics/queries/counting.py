"""The score cells counted from the responses themselves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd
from django.db import connection
from django.db.models import BigIntegerField, F, Max, Min
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from analytics.domain.cells import STAND_IN, Cells, cells_of_columns, folded
from analytics.queries.clock import zone
from analytics.queries.columns import Moment, packed_groups, seconds_of_moments, unpacked_columns
from analytics.queries.profiles import NO_PROFILE
from surveys.models import Response

# A value of a column is a gigabyte at most, and a row here takes 64 bytes on the way.
ROWS_AT_ONCE = 2_000_000
_CUSTOMER, _RESPONDENT = "invitation__respondent__customer_id", "invitation__respondent_id"

Block = tuple[dt.date, int, str]


def cells_of_responses() -> Iterator[tuple[Block, Cells]]:
    """Block by block, from the counted responses; inside of a transaction of one moment."""
    _take_memory()
    parts: dict[Block, list[Cells]] = defaultdict(list)
    for first in range(*_range_of_invitations(), ROWS_AT_ONCE):
        for block, cells in _counted(first, first + ROWS_AT_ONCE):
            parts[block].append(cells)
    for block in list(parts):
        found = parts.pop(block)
        yield block, folded(found) if len(found) > 1 else found[0]


def _range_of_invitations() -> tuple[int, int]:
    edges = Response.objects.aggregate(first=Min("invitation_id"), last=Max("invitation_id"))
    return (0, 0) if edges["first"] is None else (edges["first"], edges["last"] + 1)


def _counted(first: int, end: int) -> Iterator[tuple[Block, Cells]]:
    place = Coalesce(F(_CUSTOMER), F(_RESPONDENT) + int(STAND_IN), output_field=BigIntegerField())
    profile = Coalesce("invitation__profile_id", NO_PROFILE)
    rows = packed_groups(
        Response.objects.counted().filter(invitation_id__gte=first, invitation_id__lt=end),
        by=["invitation__campaign_id", "invitation__language"],
        columns=[Moment("answered_at"), place, profile, "score"],
    )
    while rows:
        campaign, language, packed = rows.pop()
        moments, *columns = unpacked_columns(packed, width=4)
        for month, cells in _by_month(moments, *columns):
            yield (month, campaign, language), cells


def _by_month(
    moments: NDArray[np.int64],
    places: NDArray[np.int64],
    profiles: NDArray[np.int64],
    scores: NDArray[np.int64],
) -> Iterator[tuple[dt.date, Cells]]:
    """By the organisation's months and days."""
    there = pd.to_datetime(seconds_of_moments(moments), unit="s", utc=True).tz_convert(zone())
    days = there.tz_localize(None).to_numpy().astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    for month in np.unique(months):
        mine = months == month
        days_of_month = (days[mine] - month.astype("datetime64[D]")).astype(np.uint8) + 1
        ones = np.ones(len(days_of_month), dtype=np.int32)
        columns = places[mine], profiles[mine], ones, days_of_month, scores[mine]
        yield month.astype("datetime64[D]").item(), folded([cells_of_columns(*columns)])


def _take_memory() -> None:
    """For this transaction: joining millions of rows through files takes several times as long."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '256MB'")
