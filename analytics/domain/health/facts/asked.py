"""What the customers answered, and how many of those who were asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.health.facts.series import Days, OfRows, Places, Rows, Values, divided
from analytics.domain.health.formulas.formula import Measure
from surveys.domain.answers.scoring import DETRACTOR_MAX, PROMOTER_MIN

YEAR = 365


@dataclass(frozen=True, eq=False)
class AccountNps(OfRows):
    """The NPS of each customer's respondents by their last answers, none older than a year."""

    # The rows are scores by respondent; the customer of each respondent.
    customers: Places
    number: int

    def on(self, day: int, measure: Measure) -> Values:
        scores, days = self.rows.last_on(day)
        fresh = day - days <= (measure.max_age_days or YEAR)
        scores, customers = scores[fresh], self.customers[fresh]
        votes = 100.0 * ((scores >= PROMOTER_MIN) * 1.0 - (scores <= DETRACTOR_MAX))
        total = np.bincount(customers, weights=votes, minlength=self.number)
        return divided(total, np.bincount(customers, minlength=self.number))


@dataclass(frozen=True, eq=False)
class ResponseRate(OfRows):
    """Of those asked in the window, or in the year, the share that answered."""

    # Of its rows the value is the day of the answer; inf: none came.

    def on(self, day: int, measure: Measure) -> Values:
        rows = self.rows.between(day - (measure.window_days or YEAR) + 1, day)
        customers, answered = self.rows.customers[rows], self.rows.values[rows] <= day
        came = np.bincount(customers, weights=answered, minlength=self.rows.number)
        asked = np.bincount(customers, minlength=self.rows.number)
        return divided(came, asked)


def answers_by_day(
    number: int, customers: Places, moments: Days, days: Days, values: Values
) -> Rows:
    """In the order of their moments, so that the last answer of a day is the last one."""
    order = np.argsort(moments, kind="stable")
    return Rows.sorted(number, customers[order], days[order], values[order])
