"""How many were asked in a period, and how many of them gave a counted answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from analytics.domain.periods import Period, month_of
from analytics.models import InvitationBlock
from analytics.queries.answers import Change
from analytics.queries.clock import bounds, day_of
from surveys.domain.states import InvitationState
from surveys.models import Invitation

SENT = (InvitationState.SENT, InvitationState.UNKNOWN)
COLUMNS = ["part", "campaign", "language", "profile", "invited", "answered"]
IMPORTED = "imported"


def count_invitations(periods: Sequence[Period], *, unfolded: Iterable[Change]) -> pd.DataFrame:
    """Rows of COLUMNS; `part` is the place of the period in `periods`.

    Months that are over come from their blocks, unless a change not folded yet may touch them.
    """
    blocks = _usable_blocks(periods, unfolded=unfolded)
    kept: list[pd.DataFrame] = []
    open_spans: list[tuple[int, Period]] = []
    for part, period in enumerate(periods):
        for span in _by_month(period):
            if span == month_of(span.start) and span.start in blocks:
                kept.append(unpack(blocks[span.start]).assign(part=part))
            elif open_spans and open_spans[-1] == (
                part,
                Period(open_spans[-1][1].start, span.start),
            ):
                open_spans[-1] = part, Period(open_spans[-1][1].start, span.end)
            else:
                open_spans.append((part, span))
    kept.append(_counted(open_spans))
    return pd.concat(kept, ignore_index=True)[COLUMNS]


def changed_months(changes: Iterable[Change]) -> set[dt.date] | None:
    """The months whose blocks the changes make stale; None: any of them."""
    months = set()
    for change in changes:
        if change.reason == IMPORTED and change.before is not None:
            # An import may have moved `sent_at`, and nobody wrote down from where.
            return None
        if change.sent_at and (change.before is None) != (change.after is None):
            months.add(day_of(change.sent_at).replace(day=1))
    return months


def count_month(month: dt.date) -> bytes:
    return pack(_counted([(0, month_of(month))]))


def pack(counts: pd.DataFrame) -> bytes:
    codes = [int.from_bytes(str(language).encode(), "big") for language in counts["language"]]
    return counts.assign(language=codes)[COLUMNS[1:]].to_numpy(dtype="<i4").tobytes()


def unpack(data: bytes) -> pd.DataFrame:
    rows = np.frombuffer(bytes(data), dtype="<i4").reshape(-1, len(COLUMNS) - 1)
    counts = pd.DataFrame(rows, columns=COLUMNS[1:])
    names = {code: int(code).to_bytes(2, "big").decode() for code in counts["language"].unique()}
    return counts.assign(language=counts["language"].map(names))


def _usable_blocks(
    periods: Sequence[Period], *, unfolded: Iterable[Change]
) -> dict[dt.date, bytes]:
    stale = changed_months(unfolded)
    if stale is None or not periods:
        return {}
    first = min(period.start for period in periods)
    last = max(period.end for period in periods)
    rows = InvitationBlock.objects.filter(month__gte=first, month__lt=last)
    found = rows.exclude(month__in=stale).values_list("month", "counts")
    return {month: bytes(counts) for month, counts in found}


def _by_month(period: Period) -> Iterable[Period]:
    start = period.start
    while start < period.end:
        end = min(month_of(start).end, period.end)
        yield Period(start, end)
        start = end


def _counted(spans: Sequence[tuple[int, Period]]) -> pd.DataFrame:
    if not spans:
        return pd.DataFrame(columns=COLUMNS)
    rows: QuerySet[Any, Any] = Invitation.objects.order_by().filter(state__in=SENT)
    chosen, parts = Q(pk__in=[]), []
    for part, span in spans:
        first, end = bounds(span)
        inside = Q(sent_at__gte=first, sent_at__lt=end)
        chosen |= inside
        parts.append(When(inside, then=Value(part)))
    counted = (
        rows.filter(chosen)
        .annotate(part=Case(*parts, output_field=IntegerField()))
        .values_list("part", "campaign_id", "language", "profile_id")
        .annotate(
            invited=Count("pk"), answered=Count("response", filter=Q(response__suspect=False))
        )
    )
    frame = pd.DataFrame.from_records(list(counted), columns=COLUMNS)
    return frame.assign(profile=frame["profile"].fillna(0).astype("int64"))
