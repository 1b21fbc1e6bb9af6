from __future__ import annotations

import pytest
from django.utils import translation

from analytics.domain.health.formulas.parsing import parse_formula
from analytics.labels.measures import measure_labels
from tests.analytics.domain.health.formulas.made import standard

WINDOW = {"source": "usage:logins", "aggregate": "sum", "window_days": 28, "points": "percentile"}


def labels(*measures: dict[str, object]) -> list[str]:
    given = [{"key": f"k{place}", "weight": 1, **each} for place, each in enumerate(measures)]
    return list(measure_labels(parse_formula(standard(measures=given))).values())


@pytest.mark.parametrize(
    ("measure", "english", "japanese"),
    [
        (WINDOW | {"per": "seats"}, "logins per seat, sum of 28 days",
         "1 シートあたりのlogins（28 日間の合計）"),
        (WINDOW | {"change": "previous_window", "points": [[-1, 0], [0, 70]]},
         "logins, sum of 28 days, against the days before", "logins（28 日間の合計）の直前期間比"),
        (WINDOW | {"source": "events:ticket_opened", "aggregate": "count"},
         "Ticket opened, number in 28 days", "チケット起票（28 日間の件数）"),
        (WINDOW | {"aggregate": "mean", "per": "attribute:size"},
         "logins per size, mean of 28 days", "sizeあたりのlogins（28 日間の平均）"),
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
        "logins, sum of 28 days (k0)", "logins, sum of 28 days (k1)",
    ]  # fmt: skip
