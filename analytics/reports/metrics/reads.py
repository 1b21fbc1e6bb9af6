"""What the metrics of one period are made of, read once."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from analytics.counting.metric_units import Key, MetricUnits
from analytics.domain.periods import Period
from analytics.queries.filters import Scope
from analytics.reports.answers.segment_rows import SegmentRow
from analytics.reports.answers.segments import SegmentReport, segment_report
from analytics.reports.metrics.money import GroupMoney


class Read(MetricUnits):
    """With the segment report of the same period."""

    def __init__(self, scope: Scope, period: Period, **asked: Any) -> None:
        super().__init__(scope, period, **asked)
        self._filters = replace(scope.filters, period=period)
        self._worth: dict[Key, GroupMoney] = {}

    @cached_property
    def segments(self) -> SegmentReport:
        """Read only where somebody asks for it: what rests on facts does not."""
        return segment_report(self._filters)

    @cached_property
    def rows(self) -> dict[Key, SegmentRow]:
        return {tuple(row.segment[name] for name in self.by): row for row in self.segments.rows}

    def worth(self, key: Key) -> GroupMoney | None:
        """What the customers of a segment are worth; None where it is not about customers."""
        if self.chosen is None or (key and key not in self.rows):
            return None
        if key not in self._worth:
            group = self.groups.get(key, self.customers.index[:0])
            row = self.rows[key] if key else self.segments.total
            places = self.customers.index.get_indexer(group)
            self._worth[key] = GroupMoney(self.money, places, row)
        return self._worth[key]
