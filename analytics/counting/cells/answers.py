"""The counted answers of a period: folded cells, and the changes that are not folded yet."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from accounts.models import Respondent
from analytics.counting.cells.tables import Content, cached_tables
from analytics.domain.answers.cells import (
    RESPONDENT_BIT,
    UNKNOWN_CUSTOMER,
    AnyTable,
    Cells,
    Totals,
    cells_of,
    folded,
    joined,
    summed,
    totals_of,
    unpacked,
)
from analytics.domain.periods import Period, month_of
from analytics.models import CellBlock
from analytics.queries.answers.profiles import NO_PROFILE
from analytics.queries.database.clock import day_of
from analytics.queries.database.columns import columns_with_keys, packed_groups
from surveys.models import ResponseChange

CHANGE_FIELDS = (
    "id",
    "score_before",
    "score_after",
    "response__answered_at",
    "response__invitation__campaign_id",
    "response__invitation__language",
    "response__invitation__profile_id",
    "response__invitation__respondent_id",
    "response__invitation__respondent__customer_id",
    "response__invitation__sent_at",
    "response__invitation__state",
    "response__invitation__reason",
)


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the ledger, with where it counts. The fields are in the order of CHANGE_FIELDS."""

    pk: int
    before: int | None
    after: int | None
    answered_at: dt.datetime
    campaign: int
    language: str
    profile: int | None
    respondent: int
    customer: int | None
    sent_at: dt.datetime | None
    state: str
    reason: str

    @property
    def day(self) -> dt.date:
        return day_of(self.answered_at)

    @property
    def block(self) -> tuple[dt.date, int, str]:
        return self.day.replace(day=1), self.campaign, self.language

    def rows(self) -> Iterable[tuple[int, int, int, int, int]]:
        place = respondent_number(self.respondent) if self.customer is None else self.customer
        for score, count in ((self.before, -1), (self.after, 1)):
            if score is not None:
                yield place, self.profile or NO_PROFILE, count, self.day.day, score


def respondent_number(respondent: int) -> int:
    return int(RESPONDENT_BIT) | respondent


def unfolded_changes(changes: QuerySet[ResponseChange] | None = None) -> list[Change]:
    rows = ResponseChange.objects.all() if changes is None else changes
    return [Change(*row) for row in rows.filter(folded=False).values_list(*CHANGE_FIELDS)]


def cells_of_changes(changes: Iterable[Change]) -> dict[tuple[dt.date, int, str], Cells]:
    rows: dict[tuple[dt.date, int, str], list[Any]] = defaultdict(list)
    for change in changes:
        rows[change.block].extend(change.rows())
    return {block: cells_of(found) for block, found in rows.items() if found}


@dataclass(frozen=True, slots=True)
class _Block:
    month: dt.date
    pk: int
    digest: str


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The blocks of some months, and the changes not folded yet.

    The columns are read when they are asked for, so all of it belongs inside of `one_snapshot`.
    """

    _blocks: tuple[_Block, ...]
    # By month, those that the campaign and the language let through.
    _late: tuple[tuple[dt.date, Cells], ...]
    unfolded: tuple[Change, ...]

    def cells(self, period: Period) -> list[tuple[dt.date, Cells]]:
        """The cells of the period by month; months that the period cuts lose their other days."""
        blocks = [each for each in self._blocks if _overlap(each.month, period)]
        loaded = zip(blocks, _loaded(blocks, "cells", of=Cells), strict=True)
        months = [*((each.month, part) for each, part in loaded), *self._late]
        cut = [(month, _cut(part, month, period)) for month, part in months]
        return [(month, part) for month, part in cut if len(part)]

    def totals(self, period: Period) -> Totals:
        """Who answered how in the period; whole months cost their customers, not their answers."""
        blocks = [each for each in self._blocks if _overlap(each.month, period)]
        late = [_cut(part, month, period) for month, part in self._late]
        stored = [_summed_totals(blocks, period)] if _are_many(blocks) else _totals(blocks, period)
        return joined([*stored, *(totals_of(folded([each])) for each in late)], of=Totals)


def read_answers(
    periods: Iterable[Period], *, campaign: int | None = None, language: str = ""
) -> Answers:
    periods = list(periods)
    chosen = ({} if campaign is None else {"campaign": campaign}) | (
        {"language": language} if language else {}
    )
    rows = CellBlock.objects.filter(**chosen).order_by("month", "campaign", "language")
    blocks = [_Block(*row) for row in rows.values_list("month", "pk", "digest")]
    changes = unfolded_changes()
    wanted = [
        each
        for each in changes
        if campaign in (None, each.campaign) and language in ("", each.language)
    ]
    late = tuple((block[0], part) for block, part in cells_of_changes(wanted).items())
    return Answers(tuple(blocks), late, tuple(changes))


def _overlap(month: dt.date, period: Period) -> Period | None:
    whole = month_of(month)
    start, end = max(whole.start, period.start), min(whole.end, period.end)
    return Period(start, end) if start < end else None


def _cut(cells: Cells, month: dt.date, period: Period) -> Cells:
    inside = _overlap(month, period)
    if inside is None:
        return cells_of([])
    if inside == month_of(month):
        return cells
    first, last = inside.start.day, inside.last_day.day
    return cells.chosen((cells.days >= first) & (cells.days <= last))


def _loaded(blocks: Sequence[_Block], column: str, *, of: type[AnyTable]) -> list[AnyTable]:
    def read(missing: Sequence[_Block]) -> Iterable[tuple[str, AnyTable]]:
        rows = CellBlock.objects.filter(pk__in=[each.pk for each in missing])
        for digest, data in rows.values_list("digest", column):
            yield digest, unpacked(bytes(data), of=of)

    return cached_tables(blocks, column, read)


def _are_many(blocks: Sequence[_Block]) -> bool:
    """Whether they hold a customer again and again: in months, and hardly inside of one."""
    return len({each.month for each in blocks}) > 1


def _summed_totals(blocks: Sequence[_Block], period: Period) -> Totals:
    """One row per customer and profile; a process adds the blocks up once, until one changes."""
    content = " ".join(f"{each.month} {each.digest}" for each in blocks)
    together = Content(hashlib.blake2b(content.encode()).hexdigest())

    def add_up(_missing: Sequence[Content]) -> Iterable[tuple[str, Totals]]:
        yield together.digest, summed(_totals(blocks, period))

    [found] = cached_tables([together], f"summed totals of {period}", add_up)
    return found


def _totals(blocks: Sequence[_Block], period: Period) -> list[Totals]:
    whole: list[_Block] = []
    cut: list[_Block] = []
    for each in blocks:
        is_whole = _overlap(each.month, period) == month_of(each.month)
        (whole if is_whole else cut).append(each)
    return [*_loaded(whole, "totals", of=Totals), *_cut_totals(cut, period)]


def _cut_totals(blocks: Sequence[_Block], period: Period) -> list[Totals]:
    def count(missing: Sequence[_Block]) -> Iterable[tuple[str, Totals]]:
        loaded = _loaded(missing, "cells", of=Cells)
        for each, cells in zip(missing, loaded, strict=True):
            yield each.digest, totals_of(_cut(cells, each.month, period))

    parts: list[Totals] = []
    for month in sorted({each.month for each in blocks}):
        mine = [each for each in blocks if each.month == month]
        parts += cached_tables(mine, f"totals of {_overlap(month, period)}", count)
    return parts


def known_customers(customers: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Customer ids, with those of respondents looked up; UNKNOWN_CUSTOMER: still not known."""
    waiting = customers >= RESPONDENT_BIT
    found = np.where(waiting, UNKNOWN_CUSTOMER, customers).astype(np.int64)
    if not waiting.any():
        return found
    respondents = (customers[waiting] ^ RESPONDENT_BIT).astype(np.int64)
    asked = np.unique(respondents)
    known = Respondent.objects.filter(customer__isnull=False)
    # Either everybody is read or the few are named: a list of thousands is slow to send.
    if len(asked) <= 500:
        known = known.filter(pk__in=asked.tolist())
    rows = packed_groups(known, by=[], columns=["pk", "customer_id"])
    (pks, customer_of), _ = columns_with_keys(rows, width=2)
    named = np.full(int(asked[-1]) + 1, UNKNOWN_CUSTOMER, dtype=np.int64)
    within = pks < len(named)
    named[pks[within]] = customer_of[within]
    found[waiting] = named[respondents]
    return found
