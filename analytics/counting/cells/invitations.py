"""How many were asked in a period, and how many of them gave a counted answer.

A sent mail keeps its state and its moment, so what was sent up to a moment is counted once and kept
in blocks; what its answers do later is folded into them from the ledger. Mails that nobody knows
the fate of are few and may yet become something else: they are counted each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Case, F, Min, Q, Value, When
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from analytics.counting.cells.answers import Change, respondent_number
from analytics.counting.cells.tables import cached_tables
from analytics.domain.answers.cells import RESPONDENT_BIT, joined, unpacked
from analytics.domain.answers.rates.asked import Asked, asked_of, asked_of_columns, folded
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

# The clocks of the machines that send differ by less.
MARGIN = dt.timedelta(minutes=5)

Span = tuple[dt.datetime, dt.datetime]
# Where the customer is known, that one is counted by.
PLACE = Coalesce(F("respondent__customer_id"), F("respondent_id") + Value(int(RESPONDENT_BIT)))


@dataclass(frozen=True, slots=True)
class _Block:
    month: dt.date
    pk: int
    digest: str
    until: dt.datetime


def count_invitations(
    periods: Sequence[Period], *, unfolded: Iterable[Change], tells_days: bool = False
) -> tuple[NDArray[np.int64], Asked]:
    """The rows of all periods, and of each row the place of its period in `periods`.

    The periods share no day; whole months are not told apart by day unless `tells_days`. Belongs
    inside of `one_snapshot`.
    """
    changes = list(unfolded)
    blocks = _usable_blocks(periods, changes=changes)
    whole: list[tuple[int, _Block]] = []
    cut: dict[dt.date, _Block] = {}
    still_open: list[Span] = []
    for part, period in enumerate(periods):
        for month, span in _by_month(period):
            start, end = bounds(span)
            if (block := blocks.get(month)) and block.until > start:
                if not tells_days and span.start == month and block.until <= end:
                    whole.append((part, block))
                else:
                    cut[month] = block
                start = block.until
            if start < end:
                still_open.append((start, end))
    by_day = [
        counted([bounds(each) for each in periods], state=InvitationState.UNKNOWN),
        late_answers(changes, until={month: block.until for month, block in blocks.items()}),
        counted(still_open, state=InvitationState.SENT),
        *_loaded(list(cut.values()), "days"),
    ]
    parts, chosen = _by_part(joined(by_day, of=Asked), periods)
    totals = _loaded([block for _, block in whole], "totals")
    places = np.repeat([part for part, _ in whole], [len(each) for each in totals])
    return np.concatenate([places.astype(np.int64), parts]), joined([*totals, chosen], of=Asked)


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


def late_answers(changes: Iterable[Change], *, until: Mapping[dt.date, dt.datetime]) -> Asked:
    """The counted answers that came (1) or went (-1), by the day of their mail.

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
            place = respondent_number(change.respondent) if not change.customer else change.customer
            keys = change.campaign, language_number(change.language), place
            rows.append((*keys, change.profile or NO_PROFILE, number_of_day(day), 0, came))
    return asked_of(rows)


def counted(spans: Sequence[Span], *, state: InvitationState) -> Asked:
    """By day, the mails in that state that were sent in one of the spans."""
    chosen = Q(pk__in=[])
    for start, end in _merged(spans):
        chosen |= Q(sent_at__gte=start, sent_at__lt=end)
    answered = Case(When(response__suspect=False, then=Value(1)), default=Value(0))
    groups = packed_groups(
        Invitation.objects.filter(chosen, state=state),
        by=["campaign_id", "language"],
        columns=[Moment("sent_at"), PLACE, Coalesce("profile_id", NO_PROFILE), answered],
    )
    (moments, customers, profiles, answers), group = columns_with_keys(groups, width=4)
    campaigns = np.array([campaign for campaign, _, _ in groups], dtype=np.int64)
    languages = np.array([language_number(code) for _, code, _ in groups], dtype=np.int64)
    days = days_of(seconds_of_moments(moments)).astype(np.int64)
    keys = campaigns[group], languages[group], customers, profiles
    return folded([asked_of_columns([*keys, days, np.ones_like(days), answers])])


def language_number(language: str) -> int:
    return int.from_bytes(language.encode(), "big")


def _usable_blocks(
    periods: Sequence[Period], *, changes: Sequence[Change]
) -> dict[dt.date, _Block]:
    moved = moved_months(changes)
    if moved is None or not periods:
        return {}
    first = min(period.start for period in periods).replace(day=1)
    last = max(period.end for period in periods)
    rows = InvitationBlock.objects.filter(month__gte=first, month__lt=last).exclude(month__in=moved)
    found = rows.values_list("month", "pk", "digest", "until")
    return {row[0]: _Block(*row) for row in found}


def _loaded(blocks: Sequence[_Block], column: str) -> list[Asked]:
    def read(missing: Sequence[_Block]) -> Iterable[tuple[str, Asked]]:
        rows = InvitationBlock.objects.filter(pk__in=[each.pk for each in missing])
        for digest, data in rows.values_list("digest", column):
            yield digest, unpacked(bytes(data), of=Asked)

    return cached_tables(blocks, f"asked, {column}", read)


def _by_part(asked: Asked, periods: Sequence[Period]) -> tuple[NDArray[np.int64], Asked]:
    """The rows that lie in one of the periods, and the place of it."""
    order = sorted(range(len(periods)), key=lambda part: periods[part].start)
    starts = _numbers(periods[part].start for part in order)
    ends = _numbers(periods[part].end for part in order)
    found = np.searchsorted(starts, asked.days, side="right") - 1
    inside = (found >= 0) & (asked.days < ends[found])
    return np.array(order, dtype=np.int64)[found[inside]], asked.chosen(inside)


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
