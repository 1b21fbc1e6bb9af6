"""The counted answers of a period: folded cells, and the changes that are not folded yet."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from accounts.models import Respondent
from analytics.domain.cells import STAND_IN, Cells, cells_of, unpacked
from analytics.domain.periods import Period, month_of
from analytics.models import CellBlock
from analytics.queries.cache import BoundedCache
from analytics.queries.clock import day_of
from analytics.queries.profiles import NO_PROFILE
from surveys.models import ResponseChange

NO_CUSTOMER = 0
TRIES = 5
_MEGABYTE = 1 << 20
_blocks: BoundedCache[Cells] = BoundedCache(size=128 * _MEGABYTE)

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
    reason: str

    @property
    def day(self) -> dt.date:
        return day_of(self.answered_at)

    @property
    def block(self) -> tuple[dt.date, int, str]:
        return self.day.replace(day=1), self.campaign, self.language

    def rows(self) -> Iterable[tuple[int, int, int, int, int]]:
        place = stand_in(self.respondent) if self.customer is None else self.customer
        for score, count in ((self.before, -1), (self.after, 1)):
            if score is not None:
                yield place, self.profile or NO_PROFILE, count, self.day.day, score


def stand_in(respondent: int) -> int:
    return int(STAND_IN) | respondent


def unfolded_changes(changes: QuerySet[ResponseChange] | None = None) -> list[Change]:
    rows = ResponseChange.objects.all() if changes is None else changes
    return [Change(*row) for row in rows.filter(folded=False).values_list(*CHANGE_FIELDS)]


def cells_of_changes(changes: Iterable[Change]) -> dict[tuple[dt.date, int, str], Cells]:
    rows: dict[tuple[dt.date, int, str], list[Any]] = defaultdict(list)
    for change in changes:
        rows[change.block].extend(change.rows())
    return {block: cells_of(found) for block, found in rows.items() if found}


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Months of cells with the changes not folded yet, and those changes themselves."""

    months: tuple[tuple[dt.date, Cells], ...]
    unfolded: tuple[Change, ...]

    def cells(self, period: Period) -> list[tuple[dt.date, Cells]]:
        """The cells of the period by month; months that the period cuts lose their other days."""
        return [
            (month, cut) for month, cells in self.months if len(cut := _cut(cells, month, period))
        ]


def read_answers(
    periods: Iterable[Period], *, campaign: int | None = None, language: str = ""
) -> Answers:
    """One state of the ledger: a fold between reading the changes and the blocks is noticed."""
    spans = [Q(month__gte=p.start.replace(day=1), month__lt=p.end) for p in periods]
    blocks = CellBlock.objects.filter(_any(spans)).order_by("month", "campaign", "language")
    blocks = blocks.filter(**_narrowed(campaign, language))
    before = _digests(blocks)
    for _ in range(TRIES):
        changes = unfolded_changes()
        cells = _unpacked(before)
        after = _digests(blocks)
        if cells is not None and before == after:
            return _answers(before, cells, changes, campaign=campaign, language=language)
        before = after
    raise RuntimeError("The score cells changed under every try to read them.")


def _any(spans: list[Q]) -> Q:
    combined = Q(pk__in=[])
    for span in spans:
        combined |= span
    return combined


def _narrowed(campaign: int | None, language: str) -> dict[str, Any]:
    return ({} if campaign is None else {"campaign": campaign}) | (
        {"language": language} if language else {}
    )


def _digests(blocks: QuerySet[CellBlock]) -> list[tuple[int, dt.date, str]]:
    return list(blocks.values_list("pk", "month", "digest"))


def _unpacked(wanted: list[tuple[int, dt.date, str]]) -> list[Cells] | None:
    """None where a block was folded into meanwhile."""
    cells = {digest: _blocks.get(digest) for _, _, digest in wanted}
    missing = [pk for pk, _, digest in wanted if cells[digest] is None]
    rows = CellBlock.objects.filter(pk__in=missing) if missing else CellBlock.objects.none()
    for digest, data in rows.values_list("digest", "cells"):
        cells[digest] = unpacked(bytes(data))
        _blocks.put(digest, cells[digest], size=len(data))  # type: ignore[arg-type]
    found = [cells[digest] for _, _, digest in wanted]
    return None if any(each is None for each in found) else found  # type: ignore[return-value]


def _answers(
    blocks: list[tuple[int, dt.date, str]],
    cells: list[Cells],
    changes: list[Change],
    *,
    campaign: int | None,
    language: str,
) -> Answers:
    months = [(month, part) for (_, month, _), part in zip(blocks, cells, strict=True)]
    wanted = [
        each
        for each in changes
        if campaign in (None, each.campaign) and language in ("", each.language)
    ]
    months += [(block[0], part) for block, part in cells_of_changes(wanted).items()]
    return Answers(tuple(months), tuple(changes))


def _cut(cells: Cells, month: dt.date, period: Period) -> Cells:
    whole = month_of(month)
    if period.start <= whole.start and whole.end <= period.end:
        return cells
    if whole.end <= period.start or period.end <= whole.start:
        return cells_of([])
    first = max(period.start, whole.start).day
    last = min(period.last_day, whole.last_day).day
    return cells.chosen((cells.days >= first) & (cells.days <= last))


def known_customers(customers: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Customer ids, with those in whose place a respondent stands looked up; 0: still not known."""
    waiting = customers >= STAND_IN
    found = np.where(waiting, NO_CUSTOMER, customers).astype(np.int64)
    if not waiting.any():
        return found
    respondents = (customers[waiting] ^ STAND_IN).astype(np.int64)
    asked = np.unique(respondents)
    known = Respondent.objects.filter(customer__isnull=False)
    # Either everybody is read or the few are named: a list of thousands is slow to send.
    if len(asked) <= 500:
        known = known.filter(pk__in=asked.tolist())
    by_pk = dict(known.values_list("pk", "customer_id"))
    customer_of = np.array([by_pk.get(int(pk)) or NO_CUSTOMER for pk in asked], dtype=np.int64)
    found[waiting] = customer_of[np.searchsorted(asked, respondents)]
    return found
