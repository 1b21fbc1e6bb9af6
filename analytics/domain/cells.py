"""Score cells as columns: how many counted answers a customer gave each score on each day.

A cell table with a row per cell would be as long as the answers themselves once customers and days
are told apart. Packed as columns, a month of it is one value that is read in a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A respondent whose customer is not known yet stands in for it: the import that names the customer
# later must not have to find the cells.
STAND_IN = np.uint32(1 << 31)

_COLUMNS: tuple[tuple[str, np.dtype[Any]], ...] = (
    ("customers", np.dtype("<u4")),
    ("profiles", np.dtype("<u4")),
    ("counts", np.dtype("<i4")),
    ("days", np.dtype("u1")),
    ("scores", np.dtype("u1")),
)
_WIDTH = sum(dtype.itemsize for _, dtype in _COLUMNS)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Columns of one length. `days` are days of the month; `counts` may be negative in a change."""

    customers: NDArray[Any]
    profiles: NDArray[Any]
    counts: NDArray[Any]
    days: NDArray[Any]
    scores: NDArray[Any]

    def __len__(self) -> int:
        return len(self.counts)

    def chosen(self, rows: NDArray[Any]) -> Cells:
        """By a mask or by places."""
        return Cells(**{name: getattr(self, name)[rows] for name, _ in _COLUMNS})


def cells_of(rows: Iterable[tuple[int, int, int, int, int]]) -> Cells:
    """From rows of (customer, profile, count, day, score)."""
    table = np.array(list(rows), dtype=np.int64).reshape(-1, len(_COLUMNS))
    return Cells(*(table[:, place].astype(dtype) for place, (_, dtype) in enumerate(_COLUMNS)))


def joined(parts: Sequence[Cells]) -> Cells:
    if not parts:
        return cells_of([])
    return Cells(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name, _ in _COLUMNS}
    )


def folded(parts: Sequence[Cells]) -> Cells:
    """One row per cell, in one order; what adds up to nothing is gone."""
    cells = joined(parts)
    order = np.lexsort((cells.scores, cells.days, cells.profiles, cells.customers))
    cells = cells.chosen(order)
    if not len(cells):
        return cells
    keys = [cells.customers, cells.profiles, cells.days, cells.scores]
    first = np.r_[True, np.any([key[1:] != key[:-1] for key in keys], axis=0)]
    starts = np.flatnonzero(first)
    counts = np.add.reduceat(cells.counts, starts)
    merged = cells.chosen(starts)
    merged = Cells(merged.customers, merged.profiles, counts, merged.days, merged.scores)
    return merged.chosen(counts != 0)


def packed(cells: Cells) -> bytes:
    return b"".join(getattr(cells, name).astype(dtype).tobytes() for name, dtype in _COLUMNS)


def unpacked(data: bytes) -> Cells:
    """The columns are views of `data`: reading copies nothing."""
    rows, rest = divmod(len(data), _WIDTH)
    if rest:
        raise ValueError("The packed cells are cut off.")
    columns, offset = {}, 0
    for name, dtype in _COLUMNS:
        columns[name] = np.frombuffer(data, dtype=dtype, count=rows, offset=offset)
        offset += rows * dtype.itemsize
    return Cells(**columns)
