from __future__ import annotations

from analytics.charts.health import auc_alt, auc_chart, rates_alt, rates_chart
from analytics.domain.health.evidence.proof import GroupRate, Predictor
from analytics.domain.statistics.interval import Interval

PREDICTORS = [
    Predictor("score", 100, 0.71, Interval(0.65, 0.77)),
    Predictor("voice", 90, 0.75, Interval(0.7, 0.8)),
    Predictor("mrr", 0),
]
VOICE = "Last score, of those who are asked by name"
LABELS = {"score": "Health score", "voice": VOICE}
TENTHS = [GroupRate("1", 50, 10, 0.2, Interval(0.1, 0.3)), GroupRate("2", 50, 0)]


def test_predictors_are_sorted_and_those_without_a_figure_left_out() -> None:
    spec = auc_chart(PREDICTORS, labels=LABELS)

    (rows,) = [each for each in spec["datasets"].values() if len(each) == 2]
    assert [row["name"] for row in rows] == [
        "Last score, of those who\nare asked by name",
        "Health score",
    ]
    assert auc_alt(PREDICTORS, labels=LABELS) == f"Health score: AUC 0.71. {VOICE}: AUC 0.75."


def test_a_name_in_japanese_breaks_before_its_brackets() -> None:
    voice = "1 シートあたりのログイン（28 日間の合計）"
    spec = auc_chart(PREDICTORS[1:], labels=LABELS | {"voice": voice})

    (rows,) = [each for each in spec["datasets"].values() if "name" in each[0]]
    assert rows[0]["name"] == "1 シートあたりのログイン\n（28 日間の合計）"


def test_rates_are_those_of_the_tenths() -> None:
    assert rates_chart(TENTHS)["height"]
    assert rates_alt(TENTHS).startswith("Tenth 1: 20.0")


def test_nothing_known_is_said() -> None:
    assert auc_chart([], labels={})
    assert rates_chart([])
    assert auc_alt([], labels={}) == rates_alt([]) == "Too few customers left to draw anything."
