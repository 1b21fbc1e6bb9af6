"""Metrics of money by group of customers, of the rows that a period's customers have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.counting.worth import Worth
from analytics.domain.metrics.catalogue import BY_SURVIVAL, LIFETIMES
from analytics.domain.metrics.estimates import UNKNOWN, Estimate
from analytics.domain.metrics.money import (
    COMPLEMENTS,
    KeptRevenue,
    lifetime_by_survival,
    lifetime_value,
)
from analytics.domain.statistics.interval import Change
from analytics.reports.answers.segment_rows import SegmentRow


@dataclass(frozen=True, eq=False)
class GroupMoney:
    """Of one segment, or of all."""

    read: Worth
    places: np.ndarray
    row: SegmentRow

    @cached_property
    def _kept(self) -> KeptRevenue:
        return KeptRevenue(self.read.customers.iloc[self.places])

    def estimate(self, key: str) -> Estimate:
        if key in LIFETIMES:
            return self._lifetime(key)[0]
        value = self._value(key)
        return (
            UNKNOWN
            if value is None
            else self._kept.estimate(key, value=value, draws=self.read.draws)
        )

    def change(self, key: str, *, compared: GroupMoney) -> Change | None:
        if key in LIFETIMES or self._value(key) is None or compared._value(key) is None:
            return None
        return self._kept.change(key, compared=compared._kept)

    @property
    def horizon(self) -> int:
        """How many months of life the lifetime by survival looks at."""
        return self._lifetime(BY_SURVIVAL)[1]

    def _value(self, key: str) -> float | None:
        kept: float | None = getattr(self.row, COMPLEMENTS.get(key, key))
        return 1 - kept if kept is not None and key in COMPLEMENTS else kept

    def _lifetime(self, key: str) -> tuple[Estimate, int]:
        return self._by_survival if key == BY_SURVIVAL else (self._by_churn, 0)

    @cached_property
    def _by_churn(self) -> Estimate:
        yearly = self.read.yearly if self.read.knows_churn else None
        if yearly is None or not self.read.churn.shape[1]:
            return UNKNOWN
        return lifetime_value(
            yearly[self.places], self.read.churn[self.places], draws=self.read.draws
        )

    @cached_property
    def _by_survival(self) -> tuple[Estimate, int]:
        monthly = self.read.monthly if self.read.knows_churn else None
        if monthly is None:
            return UNKNOWN, 0
        return lifetime_by_survival(
            monthly[self.places],
            self.read.followed[self.places],
            choices=self.read.choices,
            draws=self.read.draws,
        )
