"""The picture of an improvement: both groups, and where one would be without it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from actions.charts.improvements import improvement_picture
from actions.domain.improvements import Effect, Result
from actions.models import Improvement
from actions.reports.improvements import Compared
from analytics.domain.periods import Period
from analytics.reports.metrics.rows import MetricRow

DAYS = Period(dt.date(2026, 4, 1), dt.date(2026, 7, 1))
ROW = Improvement(pk=1, name="Gifts", metric="referral_rate")


def row(previous: float | None, value: float | None) -> MetricRow:
    change = None if previous is None or value is None else value - previous
    return MetricRow(
        segment={}, metric="referral_rate", unit="share", value=value, low=None, high=None,
        numerator=None, denominator=None, reportable=True, previous=previous, change=change,
    )  # fmt: skip


def found(touched: MetricRow, untouched: MetricRow, effect: Effect | None) -> Compared:
    return Compared(DAYS, DAYS.previous(), touched, untouched, effect, Result.HELPED)


def test_it_shows_both_groups_and_where_one_would_be_without_it() -> None:
    both = found(row(0.25, 0.75), row(0.5, 0.625), Effect(0.375, 0.1, 0.6))
    chart = improvement_picture(ROW, both, currency="")

    [rows] = chart.draw()["datasets"].values()
    lines: dict[str, list[Any]] = {}
    for each in rows:
        lines.setdefault(each["group"], []).append(each["value"])
    assert [*lines.values()] == [[0.25, 0.75], [0.5, 0.625], [0.25, 0.375]]
    alt = " ".join(chart.alt().split())
    assert "these customers from 25.0 % to 75.0 %" in alt
    assert "The effect is +37.5 points (+10.0 to +60.0)." in alt


def test_what_is_not_known_is_no_point_and_no_effect() -> None:
    chart = improvement_picture(ROW, found(row(None, 0.75), row(0.5, None), None), currency="")

    [rows] = chart.draw()["datasets"].values()
    assert [each["value"] for each in rows] == [0.75, 0.5]
    assert "effect" not in chart.alt()
