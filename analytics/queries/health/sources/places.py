"""Customers as places 0..n-1, and rows of the database as series of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from analytics.domain.health.facts.series import Rows
from analytics.queries.database.columns import columns_with_keys, packed_groups


@dataclass(frozen=True, eq=False)
class Customers:
    """Primary keys, rising; the place of a customer is where it stands among them."""

    pks: NDArray[np.int64]
    # The days that are asked for, since 1970, and how many days before them windows reach.
    first: int
    last: int
    window: int

    def __len__(self) -> int:
        return len(self.pks)

    def places(self, pks: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Of each its place, and whether it is one of them: another may have come meanwhile."""
        found = np.minimum(np.searchsorted(self.pks, pks), max(len(self.pks) - 1, 0))
        known = self.pks[found] == pks if len(self.pks) else np.zeros(len(pks), dtype=bool)
        return found, known

    def rows(
        self, pks: NDArray[np.int64], days: NDArray[np.int64], values: NDArray[np.float64]
    ) -> Rows:
        places, known = self.places(pks)
        if known.all():
            return Rows.sorted(len(self), places, days, values)
        return Rows.sorted(len(self), places[known], days[known], values[known])


def read_columns(rows: QuerySet[Any], *columns: Any) -> NDArray[np.int64]:
    """A row per column."""
    found, _ = columns_with_keys(packed_groups(rows, by=[], columns=columns), width=len(columns))
    return found


def read_by_text(
    rows: QuerySet[Any], *, by: str, columns: Sequence[Any]
) -> tuple[NDArray[np.int64], list[Any], NDArray[np.int64]]:
    """The columns, the texts that occur, and the place of each row's text among them."""
    found = packed_groups(rows, by=[by], columns=columns)
    numbers, groups = columns_with_keys(found, width=len(columns))
    return numbers, [row[0] for row in found], groups
