"""What happened to customers, as the metrics of one period read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analytics.domain.periods import ONE_DAY, Period

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    period: Period
    today: date
    # By customer: `started_on`, `churned_on` (NaT: unknown, or not gone).
    dates: pd.DataFrame
    # Rows of `customer`, `kind`, `at` (a moment in the organisation's time zone, naive), `ref`.
    events: pd.DataFrame
    # Rows of `customer`, `renews_on`: every renewal date that was ever known.
    renewals: pd.DataFrame

    @property
    def end(self) -> pd.Timestamp:
        """The first moment of which nothing is known yet."""
        return pd.Timestamp(min(self.period.end, self.today + ONE_DAY))

    @property
    def start(self) -> pd.Timestamp:
        return pd.Timestamp(self.period.start)

    def of(self, *kinds: str, since: pd.Timestamp | None = None) -> pd.DataFrame:
        """The events of these kinds up to the end of the period, in their order."""
        rows = self.events
        chosen = rows["kind"].isin(kinds) & (rows["at"] < self.end)
        return rows[chosen if since is None else chosen & (rows["at"] >= since)]

    def at_start(self) -> pd.Index:
        """The customers at the start of the period: started before it, and not gone before."""
        started, gone = self.dates["started_on"], self.dates["churned_on"]
        there = (started < self.start) & ~(gone < self.start)
        return self.dates.index[there]

    def ends_in(self, days: pd.Series) -> pd.Series:
        """Which of the days fall in the part of the period that has come."""
        return (days >= self.start) & (days < self.end)
