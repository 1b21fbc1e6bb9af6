"""The columns that reports are made of, read for one set of filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.domain.cells import joined
from analytics.domain.counting import count_categories_by, counts_of
from analytics.domain.nps import Counts
from analytics.domain.periods import Period
from analytics.domain.votes import vote_nps_of_columns
from analytics.filters import Scope
from analytics.queries.answers import Answers, known_customers, read_answers
from analytics.queries.invitations import count_invitations
from analytics.queries.profiles import Segments, all_profiles, numbers_by_profile
from surveys.domain.scoring import SCORES


@dataclass(frozen=True, slots=True, eq=False)
class AnswerColumns:
    """One row per cell: the number of its segment, its customer (0: not known), score, count."""

    segments: NDArray[np.int64]
    customers: NDArray[np.int64]
    scores: NDArray[Any]
    counts: NDArray[Any]

    def tally(self, *, segments: int) -> NDArray[np.int64]:
        """Answers by segment and score."""
        width = len(SCORES)
        places = self.segments * width + self.scores
        table = np.bincount(places, weights=self.counts, minlength=segments * width)
        return table.reshape(segments, width).astype(np.int64)

    def votes(self, *, segments: int, mrr: Mapping[int, float]) -> pd.DataFrame:
        return vote_nps_of_columns(
            self.segments,
            customers=self.customers,
            scores=self.scores,
            counts=self.counts,
            number_of_groups=segments,
            mrr=mrr,
        )

    def together(self) -> AnswerColumns:
        """All in segment 0, for the total."""
        nowhere = np.zeros(len(self.segments), dtype=np.int64)
        return AnswerColumns(nowhere, self.customers, self.scores, self.counts)


class AnswerFrames:
    """The answers and invitations that a scope chooses, from one reading of the ledger."""

    def __init__(self, scope: Scope, *, periods: Sequence[Period]) -> None:
        filters = scope.filters
        self._campaign, self._language = scope.campaign_id, filters.language
        self._answers: Answers = read_answers(
            periods, campaign=self._campaign, language=self._language
        )
        self.segments = Segments(filters.by)
        self._numbers = numbers_by_profile(
            all_profiles(), segments=self.segments, where=filters.where
        )

    def columns(self, period: Period) -> AnswerColumns:
        cells = joined([part for _, part in self._answers.cells(period)])
        segments = self._numbers[cells.profiles]
        chosen = segments >= 0
        if not chosen.all():
            segments, cells = segments[chosen], cells.chosen(chosen)
        return AnswerColumns(segments, known_customers(cells.customers), cells.scores, cells.counts)

    def days(self, period: Period) -> pd.DataFrame:
        """The answers by day and score, for trends: `day`, `score`, `count`."""
        tables = []
        for month, cells in self._answers.cells(period):
            cells = cells.chosen(self._numbers[cells.profiles] >= 0)
            places = cells.days.astype(np.int64) * len(SCORES) + cells.scores
            counts = np.bincount(places, weights=cells.counts).astype(np.int64)
            found = np.flatnonzero(counts)
            first = np.datetime64(month) - np.timedelta64(1, "D")
            days = first + (found // len(SCORES)).astype("timedelta64[D]")
            columns = {"day": days, "score": found % len(SCORES), "count": counts[found]}
            tables.append(pd.DataFrame(columns))
        return pd.concat(tables) if tables else pd.DataFrame(columns=["day", "score", "count"])

    def invitations(self, periods: Sequence[Period]) -> pd.DataFrame:
        """`invited` and `answered` by `part` (the place of the period) and `segment`."""
        counted = count_invitations(periods, unfolded=self._answers.unfolded)
        if self._campaign is not None:
            counted = counted[counted["campaign"] == self._campaign]
        if self._language:
            counted = counted[counted["language"] == self._language]
        profiles = counted["profile"].to_numpy(dtype=np.int64)
        counted = counted.assign(segment=self._numbers[profiles])
        counted = counted[counted["segment"] >= 0]
        sums = counted.groupby(["part", "segment"])[["invited", "answered"]].sum()
        return sums.astype(np.int64)


def counts_by_segment(tally: NDArray[np.int64]) -> list[Counts]:
    """The categories of each segment, from its answers by score."""
    segments, width = tally.shape
    cells = pd.DataFrame(
        {
            "segment": np.repeat(np.arange(segments), width),
            "score": np.tile(np.arange(width), segments),
            "count": tally.ravel(),
        }
    )
    if not segments:
        return []
    return [counts_of(row) for _, row in count_categories_by(cells, by=["segment"]).iterrows()]
