"""Score cells as columns: how many counted answers a customer gave each score on each day.

A cell table with a row per cell would be as long as the answers themselves once customers and days
are told apart. Packed as columns, a month of it is one value that is read in a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from analytics.domain.answers.scores import CATEGORY_COUNTS, COUNT_COLUMNS

# Stands where no customer is known.
UNKNOWN_CUSTOMER = 0
# Set in the number of a respondent, which counts in the column of customers while its own is not
# known: the import that names the customer later must not have to find the cells.
RESPONDENT_BIT = np.uint32(1 << 31)

Columns = tuple[tuple[str, np.dtype[Any]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of one length, packed one after the other."""

    COLUMNS: ClassVar[Columns]

    def __len__(self) -> int:
        return len(getattr(self, self.COLUMNS[0][0]))

    @property
    def size(self) -> int:
        """In bytes, packed."""
        return len(self) * sum(dtype.itemsize for _, dtype in self.COLUMNS)

    def chosen(self, rows: NDArray[Any]) -> Self:
        """By a mask or by places."""
        return type(self)(**{name: getattr(self, name)[rows] for name, _ in self.COLUMNS})


@dataclass(frozen=True, slots=True, eq=False)
class Cells(Table):
    """`days` are days of the month; `counts` may be negative in a change."""

    COLUMNS: ClassVar[Columns] = (
        ("customers", np.dtype("<u4")),
        ("profiles", np.dtype("<u4")),
        ("counts", np.dtype("<i4")),
        ("days", np.dtype("u1")),
        ("scores", np.dtype("u1")),
    )
    customers: NDArray[Any]
    profiles: NDArray[Any]
    counts: NDArray[Any]
    days: NDArray[Any]
    scores: NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Totals(Table):
    """Cells without days and scores: their number is bounded by the customers, not the answers."""

    COLUMNS: ClassVar[Columns] = (
        ("customers", np.dtype("<u4")),
        ("profiles", np.dtype("<u4")),
        *((name, np.dtype("<i4")) for name in COUNT_COLUMNS),
    )
    customers: NDArray[Any]
    profiles: NDArray[Any]
    detractors: NDArray[Any]
    passives: NDArray[Any]
    promoters: NDArray[Any]


AnyTable = TypeVar("AnyTable", bound=Table)


def cells_of(rows: Iterable[tuple[int, int, int, int, int]]) -> Cells:
    """From rows of (customer, profile, count, day, score)."""
    return cells_of_columns(*np.array(list(rows), dtype=np.int64).reshape(-1, len(Cells.COLUMNS)).T)


def cells_of_columns(*columns: NDArray[Any]) -> Cells:
    typed = zip(columns, Cells.COLUMNS, strict=True)
    return Cells(*(column.astype(dtype) for column, (_name, dtype) in typed))


def joined(parts: Sequence[AnyTable], *, of: type[AnyTable]) -> AnyTable:
    return of(
        **{
            name: np.concatenate([np.empty(0, dtype), *(getattr(part, name) for part in parts)])
            for name, dtype in of.COLUMNS
        }
    )


def folded(parts: Sequence[Cells]) -> Cells:
    """One row per cell, in one order; what adds up to nothing is gone."""
    cells = joined(parts, of=Cells)
    if not len(cells):
        return cells
    # Two columns in one number: sorting by two keys takes half as long as by four.
    who = in_one_number(cells.customers, cells.profiles, bits=32)
    what = in_one_number(cells.days, cells.scores, bits=8)
    order = np.lexsort((what, who))
    cells = cells.chosen(order)
    starts = starts_of(who[order], what[order])
    counts = np.add.reduceat(cells.counts, starts)
    merged = cells.chosen(starts)
    merged = Cells(merged.customers, merged.profiles, counts, merged.days, merged.scores)
    return merged.chosen(counts != 0)


def totals_of(cells: Cells) -> Totals:
    """One row per customer and profile; `cells` are in the order that `folded` gives them."""
    if not len(cells):
        return joined([], of=Totals)
    starts = starts_of(cells.customers, cells.profiles)
    counts = {
        name: np.add.reduceat(cells.counts * CATEGORY_COUNTS[name][cells.scores], starts)
        for name in COUNT_COLUMNS
    }
    return Totals(cells.customers[starts], cells.profiles[starts], **counts)


def summed(parts: Sequence[Totals]) -> Totals:
    """One row per customer and profile, in that order."""
    totals = joined(parts, of=Totals)
    if not len(totals):
        return totals
    who = in_one_number(totals.customers, totals.profiles, bits=32)
    # The parts stand in that order, which this kind of sorting makes use of.
    order = np.argsort(who, kind="stable")
    starts = starts_of(who[order])
    counts = {name: np.add.reduceat(getattr(totals, name)[order], starts) for name in COUNT_COLUMNS}
    first = order[starts]
    return Totals(totals.customers[first], totals.profiles[first], **counts)


def in_one_number(left: NDArray[Any], right: NDArray[Any], *, bits: int) -> NDArray[np.uint64]:
    return (left.astype(np.uint64) << np.uint64(bits)) | right.astype(np.uint64)


def starts_of(*keys: NDArray[Any]) -> NDArray[np.intp]:
    """Where a new combination of the keys begins."""
    changed = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return np.flatnonzero(np.r_[True, changed])


def packed(table: Table) -> bytes:
    columns = table.COLUMNS
    return b"".join(getattr(table, name).astype(dtype).tobytes() for name, dtype in columns)


def unpacked(data: bytes, *, of: type[AnyTable]) -> AnyTable:
    """The columns are views of `data`: reading copies nothing."""
    rows, rest = divmod(len(data), sum(dtype.itemsize for _, dtype in of.COLUMNS))
    if rest:
        raise ValueError("The packed columns are cut off.")
    columns, offset = {}, 0
    for name, dtype in of.COLUMNS:
        columns[name] = np.frombuffer(data, dtype=dtype, count=rows, offset=offset)
        offset += rows * dtype.itemsize
    return of(**columns)
