"""Whether the answering groups churn alike: all of them together, and each pair of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from analytics.domain.customers.follow_up import ANSWERING_GROUPS, MIN_AT_RISK, MIN_CHURNED
from analytics.domain.statistics.log_rank import log_rank, pairwise


class PairTest(NamedTuple):
    """Whether two answering groups churn alike: log-rank, p corrected by Holm over all pairs."""

    group: str
    against: str
    p_value: float
    p_adjusted: float
    significant: bool


def log_rank_p_value(followed: pd.DataFrame) -> float | None:
    """Over the answering groups of `follow_up`, on the whole follow-up."""
    answering = [_rows_of(name, followed) for name in ANSWERING_GROUPS]
    if not _enough(answering):
        return None
    test = log_rank([(rows["days"], rows["churned"]) for rows in answering])
    return None if test is None else test.p_value


def pair_tests(followed: pd.DataFrame) -> tuple[PairTest, ...]:
    """Of the answering groups that have MIN_AT_RISK each, those with MIN_CHURNED together."""
    rows = {name: _rows_of(name, followed) for name in ANSWERING_GROUPS}
    names = [name for name, each in rows.items() if len(each) >= MIN_AT_RISK]
    found = pairwise(
        [(rows[name]["days"], rows[name]["churned"]) for name in names],
        tested=lambda one, other: _enough([rows[names[one]], rows[names[other]]]),
    )
    return tuple(
        PairTest(
            names[pair.one],
            names[pair.other],
            pair.p_value,
            pair.adjusted,
            bool(pair.significant),
        )
        for pair in found
        if pair.p_value is not None and pair.adjusted is not None
    )


def _rows_of(name: str, followed: pd.DataFrame) -> pd.DataFrame:
    return followed[followed["group"] == name]


def _enough(rows: Sequence[pd.DataFrame]) -> bool:
    """Together; of fewer a test would tell of single customers."""
    churned = sum(int(each["churned"].sum()) for each in rows)
    return sum(len(each) for each in rows) >= MIN_AT_RISK and churned >= MIN_CHURNED
