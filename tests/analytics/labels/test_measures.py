from __future__ import annotations

import pytest
from django.utils import translation

from analytics.domain.health.formulas.parsing import parse_formula
from analytics.labels.measures import measure_labels, predictor_labels
from tests.analytics.domain.health.formulas.made import standard

WINDOW = {"source": "usage:logins", "aggregate": "sum", "window_days": 28, "points": "percentile"}


def labels(*measures: dict[str, object]) -> list[str]:
    given = [{"key": f"k{place}", "weight": 1, **each} for place, each in enumerate(measures)]
    return list(measure_labels(parse_formula(standard(measures=given))).values())


@pytest.mark.parametrize(
    ("measure", "english", "japanese"),
    [
        (WINDOW | {"per": "seats"}, "Log-ins per seat, sum of 28 days",
         "1 シートあたりのログイン（28 日間の合計）"),
        (WINDOW | {"change": "previous_window", "points": [[-1, 0], [0, 70]]},
         "Log-ins, sum of 28 days, against the days before",
         "ログイン（28 日間の合計）の直前期間比"),
        (WINDOW | {"source": "events:ticket_opened", "aggregate": "count"},
         "Ticket opened, number in 28 days", "チケット起票（28 日間の件数）"),
        (WINDOW | {"aggregate": "mean", "per": "attribute:size"},
         "Log-ins per size, mean of 28 days", "sizeあたりのログイン（28 日間の平均）"),
        ({"source": "nps_last", "points": [[0, 0], [10, 100]]}, "Last score", "最新のスコア"),
    ],
)  # fmt: skip
def test_a_measure_is_called_by_what_it_measures(
    measure: dict[str, object], english: str, japanese: str
) -> None:
    assert labels(measure) == [english]
    with translation.override("ja"):
        assert labels(measure) == [japanese]


def test_the_key_tells_measures_of_one_name_apart() -> None:
    assert labels(WINDOW, WINDOW) == [
        "Log-ins, sum of 28 days (k0)", "Log-ins, sum of 28 days (k1)",
    ]  # fmt: skip


def test_predictors_are_called_by_what_they_measure_beside_the_score() -> None:
    voice = {"key": "voice", "source": "nps_last", "points": [[0, 0], [10, 100]], "weight": 1}
    first, second = (
        parse_formula(standard(measures=[voice, {"key": "k", "weight": 1, **WINDOW, **other}]))
        for other in ({}, {"source": "usage:api_calls"})
    )

    assert predictor_labels([first, second]) == {
        "voice": "Last score (voice)",
        "k": "Log-ins, sum of 28 days / api_calls, sum of 28 days",
        "score": "Health score",
        "nps_last": "Last score",
        "mrr": "MRR",
        "tenure_months": "Months as a customer",
    }
