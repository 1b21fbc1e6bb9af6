"""What is open for a while, such as follow-ups: how many of a customer's are on a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.health.facts.series import Days, Places, Series, Values
from analytics.domain.health.formulas.formula import Measure


@dataclass(frozen=True, eq=False)
class Spans(Series):
    """Each from its first day to the one before `ends`. Before the first one nothing is known."""

    number: int
    customers: Places
    starts: Days
    ends: Days

    def on(self, day: int, measure: Measure) -> Values:
        return self.open_on(day)

    def open_on(self, day: int) -> Values:
        if self.is_empty or day < self.starts.min():
            return np.full(self.number, np.nan)
        inside = (self.starts <= day) & (day < self.ends)
        found: Values = np.bincount(self.customers[inside], minlength=self.number).astype(
            np.float64
        )
        return found

    @property
    def is_empty(self) -> bool:
        return len(self.starts) == 0
