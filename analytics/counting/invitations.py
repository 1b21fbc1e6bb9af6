"""How many were asked in a period, and how many of them gave a counted answer.

A sent mail keeps its state and its moment, so what was sent up to a moment is counted once and kept
in blocks; what its answers do later is folded into them from the ledger. Mails that nobody knows
the fate of are few and may yet become something else: they are counted each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from django.db.models import Case, Min, Q, Value, When
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from analytics.counting.answers import Change
from analytics.domain.periods import Period, month_of
from analytics.models import InvitationBlock
from analytics.queries.answers.profiles import NO_PROFILE
from analytics.queries.database.clock import bounds, day_of, days_of
from analytics.queries.database.columns import (
    Moment,
    columns_with_keys,
    number_of_day,
    packed_groups,
    seconds_of_moments,
)
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import InvitationState
from surveys.models import Invitation

KEYS = ["campaign", "language", "profile"]
COUNTS = ["invited", "answered"]
TOTALS = [*KEYS, *COUNTS]
DAYS = ["day", *TOTALS]
COLUMNS = ["part", *TOTALS]
# The clocks of the machines that send differ by less.
MARGIN = dt.timedelta(minutes=5)
# As blocks are packed.
_NUMBER = np.dtype("<i4")

Span = tuple[dt.datetime, dt.datetime]


def count_invitations(periods: Sequence[Period], *, unfolded: Iterable[Change]) -> pd.DataFrame:
    """Rows of COLUMNS; `part` is the place of the period in `periods`.

    The periods share no day. Belongs inside of `one_snapshot`.
    """
    changes = list(unfolded)
    blocks = _usable_blocks(periods, changes=changes)
    whole: list[tuple[int, bytes]] = []
    by_day = [
        counted([bounds(each) for each in periods], state=InvitationState.UNKNOWN),
        late_answers(changes, until={month: block.until for month, block in blocks.items()}),
    ]
    still_open: list[Span] = []
    cut: set[dt.date] = set()
    for part, period in enumerate(periods):
        for month, span in _by_month(period):
            start, end = bounds(span)
            if (block := blocks.get(month)) and block.until > start:
                if span.start == month and block.until <= end:
                    whole.append((part, bytes(block.totals)))
                elif month not in cut:
                    cut.add(month)
                    by_day.append(unpack(block.days, columns=DAYS))
                start = block.until
            if start < end:
                still_open.append((start, end))
    by_day.append(counted(still_open, state=InvitationState.SENT))
    days = _by_part(pd.concat(by_day, ignore_index=True), periods)
    return pd.concat([_of_whole_months(whole), days[COLUMNS]], ignore_index=True)


def _of_whole_months(whole: Sequence[tuple[int, bytes]]) -> pd.DataFrame:
    """The packed totals of each, all in one table, with the place of its period."""
    rows = unpack(b"".join(totals for _, totals in whole), columns=TOTALS)
    size = len(TOTALS) * _NUMBER.itemsize
    parts = np.array([part for part, _ in whole], dtype=np.int64)
    rows.insert(0, "part", np.repeat(parts, [len(totals) // size for _, totals in whole]))
    return rows


def closed_until(now: dt.datetime) -> dt.datetime:
    """The moment up to which no mail will yet be counted as sent.

    A mail gets the moment at which its sender learned that it went out, and the sender's row says
    since when it is at it.
    """
    sending = Invitation.objects.filter(state=InvitationState.SENDING)
    oldest: dt.datetime | None = sending.aggregate(first=Min("claimed_at"))["first"]
    return now - MARGIN if oldest is None else min(now - MARGIN, oldest)


def moved_months(changes: Iterable[Change]) -> set[dt.date] | None:
    """The months whose mails are others than their blocks say; None: any of them.

    Only imports do that: they add mails of days long past, and may move those they added.
    """
    months = set()
    for change in changes:
        if change.reason != InvitationReason.IMPORTED:
            continue
        if change.before is not None or change.after is None:
            # Nobody wrote down from where a mail was moved.
            return None
        if change.sent_at is not None:
            months.add(day_of(change.sent_at).replace(day=1))
    return months


def late_answers(
    changes: Iterable[Change], *, until: Mapping[dt.date, dt.datetime]
) -> pd.DataFrame:
    """Rows of DAYS for the counted answers that came (1) or went (-1).

    Of sent mails only, as far as they are in the blocks, whose moments are given by month.
    """
    rows = []
    for change in changes:
        came = int(change.after is not None) - int(change.before is not None)
        if not came or change.sent_at is None or change.state != InvitationState.SENT:
            continue
        day = day_of(change.sent_at)
        counted_until = until.get(day.replace(day=1))
        if counted_until and change.sent_at < counted_until:
            place = change.campaign, language_number(change.language), change.profile or NO_PROFILE
            rows.append((number_of_day(day), *place, 0, came))
    return pd.DataFrame(rows, columns=DAYS, dtype="int64")


def counted(spans: Sequence[Span], *, state: InvitationState) -> pd.DataFrame:
    """Rows of DAYS of the mails in that state that were sent in one of the spans."""
    chosen = Q(pk__in=[])
    for start, end in _merged(spans):
        chosen |= Q(sent_at__gte=start, sent_at__lt=end)
    answered = Case(When(response__suspect=False, then=Value(1)), default=Value(0))
    groups = packed_groups(
        Invitation.objects.filter(chosen, state=state),
        by=["campaign_id", "language"],
        columns=[Moment("sent_at"), Coalesce("profile_id", NO_PROFILE), answered],
    )
    if not groups:
        return pd.DataFrame(columns=DAYS, dtype="int64")
    (moments, profiles, answers), group = columns_with_keys(groups, width=3)
    campaigns = np.array([campaign for campaign, _, _ in groups], dtype=np.int64)
    languages = np.array([language_number(code) for _, code, _ in groups], dtype=np.int64)
    days = days_of(seconds_of_moments(moments)).astype(np.int64)
    rows = [days, campaigns[group], languages[group], profiles, np.ones_like(days), answers]
    return summed([pd.DataFrame(dict(zip(DAYS, rows, strict=True)))], by=["day", *KEYS])


def summed(parts: Sequence[pd.DataFrame], *, by: Sequence[str]) -> pd.DataFrame:
    rows = pd.concat(parts, ignore_index=True).groupby(list(by), as_index=False)[COUNTS].sum()
    return rows[(rows["invited"] != 0) | (rows["answered"] != 0)]


def pack(rows: pd.DataFrame, *, columns: Sequence[str]) -> bytes:
    return rows[list(columns)].to_numpy(dtype=_NUMBER).tobytes()


def unpack(data: bytes | memoryview, *, columns: Sequence[str]) -> pd.DataFrame:
    rows = np.frombuffer(bytes(data), dtype=_NUMBER).reshape(-1, len(columns))
    return pd.DataFrame(rows.astype(np.int64), columns=list(columns))


def language_number(language: str) -> int:
    return int.from_bytes(language.encode(), "big")


def _usable_blocks(
    periods: Sequence[Period], *, changes: Sequence[Change]
) -> dict[dt.date, InvitationBlock]:
    moved = moved_months(changes)
    if moved is None or not periods:
        return {}
    first = min(period.start for period in periods).replace(day=1)
    last = max(period.end for period in periods)
    rows = InvitationBlock.objects.filter(month__gte=first, month__lt=last).exclude(month__in=moved)
    # By day they are read only where a period cuts the month.
    return {block.month: block for block in rows.defer("days")}


def _by_part(rows: pd.DataFrame, periods: Sequence[Period]) -> pd.DataFrame:
    """The rows of DAYS that lie in one of the periods, with the place of it."""
    order = sorted(range(len(periods)), key=lambda part: periods[part].start)
    starts = _numbers(periods[part].start for part in order)
    ends = _numbers(periods[part].end for part in order)
    days = rows["day"].to_numpy()
    found = np.searchsorted(starts, days, side="right") - 1
    inside = (found >= 0) & (days < ends[found])
    return rows[inside].assign(part=np.array(order, dtype=np.int64)[found[inside]])


def _numbers(days: Iterable[dt.date]) -> NDArray[np.int64]:
    return np.array([number_of_day(day) for day in days], dtype=np.int64)


def _by_month(period: Period) -> Iterable[tuple[dt.date, Period]]:
    start = period.start
    while start < period.end:
        end = min(month_of(start).end, period.end)
        yield start.replace(day=1), Period(start, end)
        start = end


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Months that follow each other as one condition of the query."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and merged[-1][1] == start:
            merged[-1] = merged[-1][0], end
        else:
            merged.append((start, end))
    return merged
