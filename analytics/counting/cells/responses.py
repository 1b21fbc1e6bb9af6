"""The score cells counted from the responses themselves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db.models import Max, Min
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from accounts.models import Respondent
from analytics.domain.answers.cells import (
    RESPONDENT_BIT,
    UNKNOWN_CUSTOMER,
    Cells,
    cells_of_columns,
    folded,
)
from analytics.queries.answers.profiles import NO_PROFILE
from analytics.queries.database.clock import days_of
from analytics.queries.database.columns import (
    Moment,
    columns_with_keys,
    packed_groups,
    seconds_of_moments,
)
from surveys.models import Invitation, Response

# A value of PostgreSQL is a gigabyte at most, and a row takes 48 bytes of it on the way.
INVITATIONS_AT_ONCE = 2_000_000

Block = tuple[dt.date, int, str]


def cells_of_responses() -> Iterator[tuple[Block, Cells]]:
    """Block by block, from the counted responses; inside of a transaction of one moment.

    The tables are read as they stand and joined here by their ids, which takes the database half
    as long as joining them.
    """
    edges = Response.objects.aggregate(first=Min("invitation_id"), last=Max("invitation_id"))
    if edges["first"] is None:
        return
    places = _places()
    parts: dict[Block, list[Cells]] = defaultdict(list)
    for first in range(edges["first"], edges["last"] + 1, INVITATIONS_AT_ONCE):
        for block, cells in _counted(first, places):
            parts[block].append(cells)
    for block in list(parts):
        found = parts.pop(block)
        yield block, folded(found) if len(found) > 1 else found[0]


def _places() -> NDArray[np.int64]:
    """By respondent: the customer, or where none is known the respondent in its place."""
    found = packed_groups(
        Respondent.objects.all(), by=[], columns=["pk", Coalesce("customer_id", UNKNOWN_CUSTOMER)]
    )
    (respondents, customers), _ = columns_with_keys(found, width=2)
    places = np.arange(respondents.max() + 1) | int(RESPONDENT_BIT)
    known = customers != UNKNOWN_CUSTOMER
    places[respondents[known]] = customers[known]
    return places


def _counted(first: int, places: NDArray[np.int64]) -> Iterator[tuple[Block, Cells]]:
    """Of the invitations with ids from `first` on."""
    end = first + INVITATIONS_AT_ONCE
    keys = packed_groups(
        Invitation.objects.filter(pk__gte=first, pk__lt=end),
        by=["campaign_id", "language"],
        columns=["pk", "respondent_id", Coalesce("profile_id", NO_PROFILE)],
    )
    (invitations, respondents, profiles), groups = columns_with_keys(keys, width=3)
    row_of = np.empty(INVITATIONS_AT_ONCE, dtype=np.intp)
    row_of[invitations - first] = np.arange(len(invitations))
    (answered, moments, scores), _ = columns_with_keys(
        packed_groups(
            Response.objects.counted().filter(invitation_id__gte=first, invitation_id__lt=end),
            by=[],
            columns=["invitation_id", Moment("answered_at"), "score"],
        ),
        width=3,
    )
    rows = row_of[answered - first]
    ones = np.ones(len(rows), dtype=np.int32)
    months, days = _months_and_days(moments)
    columns = places[respondents[rows]], profiles[rows], ones, days, scores
    for (month, group), chosen in _parted(months, groups[rows]):
        campaign, language, _packed = keys[group]
        cells = cells_of_columns(*(column[chosen] for column in columns))
        yield (_first_day(month), campaign, language), folded([cells])


def _months_and_days(
    moments: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The organisation's months, counted since 1970, and days of the month."""
    days = days_of(seconds_of_moments(moments))
    months = days.astype("datetime64[M]")
    return months.astype(np.int64), (days - months.astype("datetime64[D]")).astype(np.int64) + 1


def _parted(
    months: NDArray[np.int64], groups: NDArray[np.intp]
) -> Iterator[tuple[tuple[int, int], NDArray[np.intp]]]:
    """The rows of each month and group that occur together."""
    if not len(months):
        return
    first, width = int(months.min()), int(groups.max()) + 1
    numbers = (months - first) * width + groups
    # Small numbers are sorted in a few passes, whatever their count.
    order = np.argsort(numbers.astype(np.min_scalar_type(int(numbers.max()))), kind="stable")
    edges = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    for chosen in np.split(order, edges[1:]):
        number = int(numbers[chosen[0]])
        yield (first + number // width, number % width), chosen


def _first_day(month: int) -> dt.date:
    day: Any = np.datetime64(month, "M").astype("datetime64[D]").item()
    return dt.date(day.year, day.month, 1)
