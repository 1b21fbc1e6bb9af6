"""What happened to customers, as the metrics of one period read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from analytics.domain.metrics.windows import USE_DAYS
from analytics.domain.periods import ONE_DAY, Period


@dataclass(frozen=True, slots=True)
class Choices:
    """What the definitions leave to the organisation."""

    onboarding_days: int = 90
    # Fractions of 1; the discount is that of a year.
    margin: float = 1.0
    discount: float = 0.0
    # Empty, None: not chosen.
    measure: str = ""
    engaged_from: float | None = None

    @property
    def chooses_engagement(self) -> bool:
        return bool(self.measure) and self.engaged_from is not None


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """The last `USE_DAYS` days of the period, by customer; only of those that have readings."""

    # Of the chosen measure, all days together; and the seats (NaN: unknown).
    total: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    seats: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    # On how many working days something was used, of any measure; and how many there were.
    days_active: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    working_days: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    period: Period
    today: date
    # By customer: `started_on`, `churned_on` (NaT: unknown, or not gone).
    dates: pd.DataFrame
    # Rows of `customer`, `kind`, `at` (a moment in the organisation's time zone, naive), `ref`, in
    # the order of `at`.
    events: pd.DataFrame
    # Rows of `customer`, `renews_on`: every renewal date that was ever known.
    renewals: pd.DataFrame
    choices: Choices = field(default_factory=Choices)
    use: Use = field(default_factory=Use)
    # The customers with a counted answer in the period, and those that wrote a comment to one.
    answered: pd.Index = field(default_factory=lambda: pd.Index([], dtype="int64"))
    commented: pd.Index = field(default_factory=lambda: pd.Index([], dtype="int64"))

    @property
    def end(self) -> pd.Timestamp:
        """The first moment of which nothing is known yet."""
        return pd.Timestamp(min(self.period.end, self.today + ONE_DAY))

    @property
    def start(self) -> pd.Timestamp:
        return pd.Timestamp(self.period.start)

    @property
    def use_from(self) -> pd.Timestamp:
        return self.end - pd.Timedelta(days=USE_DAYS)

    def of(self, *kinds: str, since: pd.Timestamp | None = None) -> pd.DataFrame:
        """The events of these kinds up to the end of the period, in their order."""
        at = self.events["at"]
        first = 0 if since is None else int(at.searchsorted(since))
        rows = self.events.iloc[first : int(at.searchsorted(self.end))]
        return rows[rows["kind"].isin(kinds)]

    def at_start(self) -> pd.Index:
        """The customers at the start of the period: started before it, and not gone before."""
        return self._there(self.start)

    def at_end(self) -> pd.Index:
        """Those that are customers on the last day that has come."""
        return self._there(self.end)

    def _there(self, moment: pd.Timestamp) -> pd.Index:
        started, gone = self.dates["started_on"], self.dates["churned_on"]
        return self.dates.index[(started < moment) & ~(gone < moment)]

    def ends_in(self, days: pd.Series) -> pd.Series:
        """Which of the days fall in the part of the period that has come."""
        return (days >= self.start) & (days < self.end)
