"""The bars of the waterfall: each begins where the one before it ended."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.charts.retention import TOO_SMALL, cohort_chart, waterfall
from analytics.domain.customers.mrr.steps import steps
from analytics.domain.customers.retention import Retention
from analytics.domain.customers.revenue import movements
from analytics.domain.periods import Period

NOTHING = Retention(pd.DataFrame(), pd.Series(dtype=float))
MAY = Period(dt.date(2026, 5, 1), dt.date(2026, 6, 1))
amounts = st.sampled_from([0.0, 0.1, 33.33, 1_000.0, 98_765.43])


def moved(*positions: tuple[float, float, bool]) -> dict[str, float]:
    return steps(movements(pd.DataFrame(positions, columns=["start", "end", "paid_before"])))


@given(st.lists(st.tuples(amounts, amounts, st.booleans()), min_size=1, max_size=20))
def test_bars_lead_from_the_start_to_the_end(positions) -> None:
    first, *middle, last = waterfall(moved(*positions))

    assert (first["from"], last["from"]) == (0.0, 0.0)
    level = first["to"]
    for bar in middle:
        assert bar["from"] == pytest.approx(level, abs=1e-6)
        assert (bar["to"] >= bar["from"]) == (bar["kind"] == "up" or bar["to"] == bar["from"])
        level = bar["to"]
    assert level == pytest.approx(last["to"], abs=1e-5)


def test_a_loss_goes_down_and_carries_its_sign() -> None:
    bars = waterfall(moved((100.0, 60.0, True), (50.0, 0.0, True)))

    assert [(bar["kind"], bar["shown"]) for bar in bars if bar["from"] != bar["to"]] == [
        ("level", "150"), ("down", "−40"), ("down", "−50"), ("level", "60"),
    ]  # fmt: skip


def test_unknown_revenue_has_no_bars() -> None:
    assert waterfall({}) == []


def test_cohorts_of_few_customers_are_grey_and_all_have_their_size() -> None:
    cohorts = pd.Index(["2026-01", "2026-02"])
    shares = pd.DataFrame([[1.0, 0.5], [1.0, None]], index=cohorts)
    revenue = Retention(shares, pd.Series([900.0, 2.0], cohorts), pd.Series([4, 5], cohorts))

    spec = cohort_chart(revenue)

    cells, _words = (layer["encoding"] for layer in spec["layer"])
    assert cells["color"]["condition"] == {"test": "datum.small", "value": TOO_SMALL}
    assert cells["color"]["scale"]["domain"] == [0.5, 1.0]
    (rows,) = spec["datasets"].values()
    assert [(row["cohort"], row["small"]) for row in rows] == [
        ("2026-01", True), ("2026-01", True), ("2026-02", False),
    ]  # fmt: skip
    assert '{"2026-01": 4, "2026-02": 5}' in cells["y"]["axis"]["labelExpr"]
