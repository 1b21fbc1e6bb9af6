"""Metrics of money of one group of customers: what it keeps, and what a customer is worth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analytics.domain.metrics.estimates import UNKNOWN, Estimate
from analytics.domain.metrics.facts import Choices
from analytics.domain.metrics.lifetime import horizon_of, mean_churn, months_worth
from analytics.domain.statistics.bootstrap import Limits, drawn_sums, kish_of, limits_of
from analytics.domain.statistics.interval import Change, Floats
from analytics.domain.statistics.ratios import Ratio, change_of_ratio, ratio_of
from surveys.domain.answers.scoring import MIN_RESPONSES

# Each with the one that it is 1 minus.
COMPLEMENTS = {"revenue_churn_rate": "grr", "net_revenue_churn_rate": "nrr"}
KEPT = ("grr", "nrr", *COMPLEMENTS)


class KeptRevenue:
    """Of customers with `start`, `kept` and `expansion`, a row each; only those with a start."""

    def __init__(self, rows: pd.DataFrame) -> None:
        known = rows[["start", "kept", "expansion"]].dropna()
        known = known[known["start"] > 0].astype(float)
        self._start = known["start"].to_numpy()
        self._parts = {
            "grr": known["kept"].to_numpy(),
            "nrr": (known["kept"] + known["expansion"]).to_numpy(),
        }
        self._limits: dict[str, Limits] = {}

    def estimate(self, key: str, *, value: float, draws: bool = True) -> Estimate:
        """The value is that of the segment report; here is what chance leaves open of it."""
        reportable = len(self._start) >= MIN_RESPONSES
        low, high = None, None
        if reportable and draws:
            low, high = self._limits_of(COMPLEMENTS.get(key, key))
        if key in COMPLEMENTS:
            low, high = (None if each is None else 1 - each for each in (high, low))
        return Estimate(value=value, low=low, high=high, reportable=reportable)

    def change(self, key: str, *, compared: KeptRevenue) -> Change | None:
        name = COMPLEMENTS.get(key, key)
        found = change_of_ratio(self._ratio(name), compared=compared._ratio(name))
        if found is None or key not in COMPLEMENTS:
            return found
        return Change(-found.difference, -found.high, -found.low, found.p_value)

    def _ratio(self, name: str) -> Ratio | None:
        return ratio_of(self._parts[name], wholes=self._start)

    def _limits_of(self, name: str) -> Limits:
        if not self._limits:
            sums = drawn_sums(np.stack([self._start, *self._parts.values()], axis=1))
            for place, each in enumerate(self._parts, start=1):
                self._limits[each] = self._limits_among(each, sums[:, place] / sums[:, 0])
        return self._limits[name]

    def _limits_among(self, name: str, drawn: Floats) -> Limits:
        """Not narrower than if size and fate had nothing in common: see `Ratio.interval`."""
        ratio = self._ratio(name)
        if ratio is None:
            return None, None
        widen = max(ratio.pooled_error / ratio.error, 1.0) if ratio.error else 1.0
        kish = kish_of(self._start)
        low, high = limits_of(drawn, value=ratio.value, kish=kish, widen=widen)
        most = 1.0 if name == "grr" else np.inf
        return (
            None if low is None else max(low, 0.0),
            None if high is None else min(high, most),
        )


def lifetime_value(yearly: Floats, churn: Floats, *, draws: bool = True) -> Estimate:
    """What a customer pays a year x the years that it stays, 1 / (12 x the monthly churn).

    `yearly`: by customer what it pays a year, 0 for none; `churn`: see `churn_columns`.
    """

    def worth(sums: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = sums[:, 0] / sums[:, 1] / (12 * mean_churn(sums[:, 2:]))
        return found

    return _estimate(yearly, churn, worth=worth, draws=draws)


def lifetime_by_survival(
    monthly: Floats, followed: Floats, *, choices: Choices, draws: bool = True
) -> tuple[Estimate, int]:
    """What a customer pays a month x the months that revenue stays; and the months looked at."""
    horizon = horizon_of(followed)

    def worth(sums: Floats) -> Floats:
        stays = months_worth(sums[:, 2:], horizon=horizon, choices=choices)
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = sums[:, 0] / sums[:, 1] * stays
        return found

    return (_estimate(monthly, followed, worth=worth, draws=draws) if horizon else UNKNOWN), horizon


def _estimate(
    paid: Floats, columns: Floats, *, worth: Callable[[Floats], Floats], draws: bool
) -> Estimate:
    """Unknown where nobody pays, and where the value has no end."""
    rows = np.hstack([paid[:, None], (paid > 0)[:, None], columns])
    [value] = worth(rows.sum(axis=0)[None, :])
    if not np.isfinite(value):
        return UNKNOWN
    reportable = int((paid > 0).sum()) >= MIN_RESPONSES
    low: float | None = None
    high: float | None = None
    if reportable and draws:
        drawn = worth(drawn_sums(rows))
        # Of a draw in which nobody pays or left the value has no end.
        drawn = np.where(np.isnan(drawn), np.inf, drawn)
        low, high = limits_of(drawn, value=float(value), kish=kish_of(paid))
    return Estimate(value=float(value), low=low, high=high, reportable=reportable)
