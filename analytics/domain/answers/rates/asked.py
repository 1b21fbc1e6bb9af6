"""Counts of those who were asked, as columns: how many, and how many of them answered.

By customer, because respondents of one customer answer, or do not, together: intervals and tests of
response rates stand on what each customer did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from analytics.domain.answers.cells import Columns, Table, in_one_number, joined, starts_of

# Stands in the column of days where days are not told apart.
ANY_DAY = 0


@dataclass(frozen=True, slots=True, eq=False)
class Asked(Table):
    """`days` are counted since 1970; `invited` and `answered` may be negative in a change.

    `customers` holds respondents where their customer is not known, as it does in Cells.
    """

    COLUMNS: ClassVar[Columns] = (
        ("campaigns", np.dtype("<u4")),
        ("languages", np.dtype("<u4")),
        ("customers", np.dtype("<u4")),
        ("profiles", np.dtype("<u4")),
        ("days", np.dtype("<i4")),
        ("invited", np.dtype("<i4")),
        ("answered", np.dtype("<i4")),
    )
    campaigns: NDArray[Any]
    languages: NDArray[Any]
    customers: NDArray[Any]
    profiles: NDArray[Any]
    days: NDArray[Any]
    invited: NDArray[Any]
    answered: NDArray[Any]


def asked_of(rows: Sequence[tuple[int, ...]]) -> Asked:
    """From rows in the order of the columns."""
    return asked_of_columns(np.array(rows, dtype=np.int64).reshape(-1, len(Asked.COLUMNS)).T)


def asked_of_columns(columns: Sequence[NDArray[Any]] | NDArray[Any]) -> Asked:
    typed = zip(columns, Asked.COLUMNS, strict=True)
    return Asked(*(column.astype(dtype) for column, (_name, dtype) in typed))


def folded(parts: Sequence[Asked]) -> Asked:
    """One row per combination, in one order; what adds up to nothing is gone."""
    asked = joined(parts, of=Asked)
    if not len(asked):
        return asked
    who = in_one_number(asked.customers, asked.profiles, bits=32)
    where = in_one_number(asked.campaigns, asked.languages, bits=32)
    order = np.lexsort((asked.days, where, who))
    asked = asked.chosen(order)
    starts = starts_of(who[order], where[order], asked.days)
    counts = {
        name: np.add.reduceat(getattr(asked, name), starts) for name in ("invited", "answered")
    }
    merged = replace(asked.chosen(starts), **counts)
    return merged.chosen((merged.invited != 0) | (merged.answered != 0))


def whatever_day(asked: Asked) -> Asked:
    """The totals of some days."""
    return folded([replace(asked, days=np.full_like(asked.days, ANY_DAY))])
