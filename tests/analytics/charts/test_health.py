from __future__ import annotations

from analytics.charts.health import auc_alt, auc_chart, rates_alt, rates_chart
from analytics.domain.health.evidence.proof import GroupRate, Predictor
from analytics.domain.statistics.interval import Interval

PREDICTORS = [
    Predictor("score", 100, 0.71, Interval(0.65, 0.77)),
    Predictor("voice", 90, 0.75, Interval(0.7, 0.8)),
    Predictor("mrr", 0),
]
TENTHS = [GroupRate("1", 50, 10, 0.2, Interval(0.1, 0.3)), GroupRate("2", 50, 0)]


def test_predictors_are_sorted_and_those_without_a_figure_left_out() -> None:
    spec = auc_chart(PREDICTORS)

    (rows,) = [each for each in spec["datasets"].values() if len(each) == 2]
    assert [row["name"] for row in rows] == ["voice", "Health score"]
    assert auc_alt(PREDICTORS) == "Health score: AUC 0.71. voice: AUC 0.75."


def test_rates_are_those_of_the_tenths() -> None:
    assert rates_chart(TENTHS)["height"]
    assert rates_alt(TENTHS).startswith("Tenth 1: 20.0")


def test_nothing_known_is_said() -> None:
    assert auc_chart([])
    assert rates_chart([])
    assert auc_alt([]) == rates_alt([]) == "Too few customers left to draw anything."
