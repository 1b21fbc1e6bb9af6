"""The second view: answers in the segments of now instead of those frozen when they were asked.

Cells know what was frozen and whose customer it was, not the respondent whose values may have
changed: so here the answers themselves are read, as packed columns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from django.db.models import Case, QuerySet, Value, When
from numpy.typing import NDArray

from analytics.counting.frozen_segments import AnswerColumns, AnswersByFrozenSegment
from analytics.domain.cells import Totals
from analytics.domain.periods import Period
from analytics.domain.scores import CATEGORY_COUNTS, COUNT_COLUMNS
from analytics.domain.statistics.nps import Counts
from analytics.queries.clock import bounds
from analytics.queries.columns import columns_with_keys, packed_groups
from analytics.queries.filters import Scope
from analytics.queries.profiles import Segments
from analytics.queries.respondents import CurrentSegments, current_segments
from surveys.domain.states import ASKED
from surveys.models import Invitation, Response

AnswersBySegment: TypeAlias = "AnswersByFrozenSegment | AnswersByCurrentSegment"


def answers_by_segment(scope: Scope, *, periods: Sequence[Period]) -> AnswersBySegment:
    """In the segments that were frozen, or in those of now where that is asked for."""
    if scope.filters.as_of is None:
        return AnswersByFrozenSegment(scope, periods=periods)
    return AnswersByCurrentSegment(scope, today=scope.filters.as_of)


class AnswersByCurrentSegment:
    """As AnswersByFrozenSegment, whose columns and invitations these are."""

    def __init__(self, scope: Scope, *, today: dt.date) -> None:
        self._scope = scope
        self.segments = Segments(scope.filters.by)
        used = {each.name: each.definition for each in (*scope.dimensions, *scope.conditions)}
        self._respondents: CurrentSegments = current_segments(
            list(used.values()), segments=self.segments, where=scope.filters.where, today=today
        )

    def columns(self, period: Period) -> AnswerColumns:
        first, end = bounds(period)
        rows = Response.objects.counted().filter(answered_at__gte=first, answered_at__lt=end)
        respondents, scores = self._read(rows, "invitation__", ["score"])
        customers = self._respondents.customers[respondents]
        counts = {name: CATEGORY_COUNTS[name][scores] for name in COUNT_COLUMNS}
        totals = Totals(customers, np.zeros_like(customers), **counts)
        return AnswerColumns(self._respondents.numbers[respondents], totals)

    def counts(self, period: Period) -> list[Counts]:
        """The categories of each segment, in the order of the segments' numbers."""
        return self.columns(period).counts(segments=len(self.segments))

    def invitations(self, periods: Sequence[Period]) -> pd.DataFrame:
        """`invited` and `answered` by `part` (the place of the period) and `segment`."""
        counted = Case(When(response__suspect=False, then=Value(1)), default=Value(0))
        parts = []
        for part, period in enumerate(periods):
            first, end = bounds(period)
            rows = Invitation.objects.filter(state__in=ASKED, sent_at__gte=first, sent_at__lt=end)
            respondents, answered = self._read(rows, "", [counted])
            segment = self._respondents.numbers[respondents]
            columns = {"segment": segment, "invited": 1, "answered": answered}
            parts.append(pd.DataFrame(columns).assign(part=part))
        sums = pd.concat(parts).groupby(["part", "segment"])[["invited", "answered"]].sum()
        return sums.astype(np.int64)

    def _read(
        self, rows: QuerySet[Any], invitation: str, columns: Sequence[Any]
    ) -> NDArray[np.int64]:
        """The respondent and the columns of the rows that the scope lets through."""
        scope = self._scope
        if scope.campaign_id is not None:
            rows = rows.filter(**{f"{invitation}campaign": scope.campaign_id})
        if scope.filters.language:
            rows = rows.filter(**{f"{invitation}language": scope.filters.language})
        named = [f"{invitation}respondent_id", *columns]
        found, _ = columns_with_keys(packed_groups(rows, by=[], columns=named), width=len(named))
        return found[:, self._respondents.numbers[found[0]] >= 0]
