"""How many were asked in a period, and how many of them gave a counted answer.

A sent mail keeps its state and its day, so days that are over are counted once and kept in blocks;
what its answers do later is folded into them from the ledger. Mails that nobody knows the fate of
are few and may yet become something else: they are counted each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import Case, Count, IntegerField, Min, Q, Value, When

from analytics.domain.periods import ONE_DAY, Period, month_of
from analytics.models import InvitationBlock
from analytics.queries.answers import Change
from analytics.queries.clock import bounds, day_of
from analytics.queries.columns import number_of_day
from surveys.domain.states import InvitationState
from surveys.models import Invitation

SENT = (InvitationState.SENT, InvitationState.UNKNOWN)
KEYS = ["campaign", "language", "profile"]
COUNTS = ["invited", "answered"]
TOTALS = [*KEYS, *COUNTS]
DAYS = ["day", *TOTALS]
COLUMNS = ["part", *TOTALS]
IMPORTED = "imported"


def count_invitations(periods: Sequence[Period], *, unfolded: Iterable[Change]) -> pd.DataFrame:
    """Rows of COLUMNS; `part` is the place of the period in `periods`.

    The periods share no day. Belongs inside of `one_moment`.
    """
    changes = list(unfolded)
    blocks = _usable_blocks(periods, changes=changes)
    late = late_answers(changes)
    kept: list[pd.DataFrame] = []
    open_spans: list[tuple[int, Period]] = []
    for part, period in enumerate(periods):
        for month, span in _by_month(period):
            until = span.start
            if (block := blocks.get(month)) and block.until > span.start:
                until = min(block.until, span.end)
                kept.append(_of_block(block, Period(span.start, until)).assign(part=part))
                kept.append(inside(late, Period(span.start, until)).assign(part=part))
            if until < span.end:
                open_spans.append((part, Period(until, span.end)))
    kept.append(_counted(_merged(open_spans), state=InvitationState.SENT))
    kept.append(_counted(list(enumerate(periods)), state=InvitationState.UNKNOWN))
    return pd.concat(kept, ignore_index=True)[COLUMNS].astype(dict.fromkeys(COLUMNS, "int64"))


def closed_until(*, today: dt.date) -> dt.date:
    """The first day that a mail may still be counted for.

    A mail gets the day on which its sender learned that it went out. The senders' rows say since
    when they are at it; a day's distance is for the one that has not committed its claim yet.
    """
    oldest = Invitation.objects.filter(state=InvitationState.SENDING).aggregate(
        first=Min("claimed_at")
    )["first"]
    yesterday = today - ONE_DAY
    return yesterday if oldest is None else min(yesterday, day_of(oldest))


def moved_months(changes: Iterable[Change]) -> set[dt.date] | None:
    """The months whose mails are others than their blocks say; None: any of them.

    Only imports do that: they add mails of days long past, and may move those they added.
    """
    months = set()
    for change in changes:
        if change.reason != IMPORTED:
            continue
        if change.before is not None or change.after is None:
            # Nobody wrote down from where a mail was moved.
            return None
        if change.sent_at is not None:
            months.add(day_of(change.sent_at).replace(day=1))
    return months


def late_answers(changes: Iterable[Change]) -> pd.DataFrame:
    """Rows of DAYS for the counted answers of sent mails that came (1) or went (-1)."""
    rows = [
        (
            number_of_day(day_of(change.sent_at)),
            change.campaign,
            language_code(change.language),
            change.profile or 0,
            0,
            1 if change.before is None else -1,
        )
        for change in changes
        if change.sent_at is not None
        and change.state == InvitationState.SENT
        and (change.before is None) != (change.after is None)
    ]
    return pd.DataFrame(rows, columns=DAYS, dtype="int64")


def count_days(span: Period, *, unfolded: Sequence[Change]) -> pd.DataFrame:
    """Rows of DAYS of the sent mails, without what folding will add of the given changes."""
    days = list(_days(span))
    counted = _counted(list(enumerate(days)), state=InvitationState.SENT)
    first = number_of_day(span.start)
    rows = counted.assign(day=counted["part"] + first)[DAYS]
    late = inside(late_answers(unfolded), span)
    return summed([rows, late.assign(answered=-late["answered"])], by=["day", *KEYS])


def summed(parts: Sequence[pd.DataFrame], *, by: Sequence[str]) -> pd.DataFrame:
    rows = pd.concat(parts, ignore_index=True).groupby(list(by), as_index=False)[COUNTS].sum()
    return rows[(rows["invited"] != 0) | (rows["answered"] != 0)]


def pack(rows: pd.DataFrame, *, columns: Sequence[str]) -> bytes:
    return rows[list(columns)].to_numpy(dtype="<i4").tobytes()


def unpack(data: bytes | memoryview, *, columns: Sequence[str]) -> pd.DataFrame:
    rows = np.frombuffer(bytes(data), dtype="<i4").reshape(-1, len(columns))
    return pd.DataFrame(rows.astype(np.int64), columns=list(columns))


def language_code(language: str) -> int:
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


def _of_block(block: InvitationBlock, span: Period) -> pd.DataFrame:
    whole = month_of(block.month)
    if span == Period(whole.start, block.until):
        return unpack(block.totals, columns=TOTALS)
    return inside(unpack(block.days, columns=DAYS), span)


def inside(rows: pd.DataFrame, span: Period) -> pd.DataFrame:
    """The rows of DAYS whose day is in the span."""
    first, end = number_of_day(span.start), number_of_day(span.end)
    return rows.loc[rows["day"].between(first, end, inclusive="left")]


def _by_month(period: Period) -> Iterable[tuple[dt.date, Period]]:
    start = period.start
    while start < period.end:
        end = min(month_of(start).end, period.end)
        yield start.replace(day=1), Period(start, end)
        start = end


def _days(span: Period) -> Iterable[Period]:
    for place in range(span.days):
        day = span.start + dt.timedelta(days=place)
        yield Period(day, day + ONE_DAY)


def _merged(spans: Sequence[tuple[int, Period]]) -> list[tuple[int, Period]]:
    """Months that follow each other, as one condition of the query."""
    merged: list[tuple[int, Period]] = []
    for part, span in spans:
        if merged and merged[-1][0] == part and merged[-1][1].end == span.start:
            merged[-1] = part, Period(merged[-1][1].start, span.end)
        else:
            merged.append((part, span))
    return merged


def _sent_in(span: Period) -> Q:
    first, end = bounds(span)
    return Q(sent_at__gte=first, sent_at__lt=end)


def _counted(spans: Sequence[tuple[int, Period]], *, state: InvitationState) -> pd.DataFrame:
    if not spans:
        return pd.DataFrame(columns=COLUMNS, dtype="int64")
    chosen = Q(pk__in=[])
    for _, span in _merged([(0, span) for _, span in spans]):
        chosen |= _sent_in(span)
    parts = [When(_sent_in(span), then=Value(part)) for part, span in spans]
    counted: Any = (
        Invitation.objects.order_by()
        .filter(chosen, state=state)
        .annotate(part=Case(*parts, output_field=IntegerField()))
        .values_list("part", "campaign_id", "language", "profile_id")
        .annotate(
            invited=Count("pk"), answered=Count("response", filter=Q(response__suspect=False))
        )
    )
    rows = [
        (part, campaign, language_code(language), profile or 0, invited, answered)
        for part, campaign, language, profile, invited, answered in counted
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="int64")
