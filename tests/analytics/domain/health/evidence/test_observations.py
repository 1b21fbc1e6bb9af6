from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analytics.domain.health.day import Facts
from analytics.domain.health.evidence.observations import (
    Observations,
    observation_days,
    observe,
    predictor_names,
)
from analytics.domain.health.facts.series import Latest, Monthly, Tenure
from analytics.domain.health.formulas.sources import Source, SourceKind
from tests.analytics.domain.health.formulas.made import formula_of, rows_of

NAN = math.nan
FORMULA = formula_of({"key": "voice", "source": "nps_last", "points": [[0, 0], [10, 100]]})


def world(churned: list[float]) -> Facts:
    started = np.zeros(len(churned))
    answers = rows_of(len(churned), *((place, 40, 5.0) for place in range(len(churned))))
    return Facts(
        started=started,
        churned=np.array(churned),
        series={
            Source(SourceKind.NPS_LAST): Latest(answers),
            Source(SourceKind.MRR): Monthly(np.array([30]), np.ones((1, len(churned)))),
            Source(SourceKind.TENURE_MONTHS): Tenure(started),
        },
        segments=lambda day: pd.DataFrame(index=range(len(churned))),
    )


def observed(churned: list[float], days: list[int]) -> tuple[Observations, int]:
    return observe(days, horizon=30, last_known=140, formulas=[FORMULA], facts=world(churned))


def test_the_days_are_every_so_many_from_the_first_to_the_last() -> None:
    assert observation_days(10, 66, every=28) == [10, 38, 66]


def test_who_leaves_within_the_horizon_has_left_and_who_is_gone_is_no_observation() -> None:
    rows, left_out = observed([NAN, 80, 81, 50], [50, 78])

    found = zip(rows.customers.tolist(), rows.days.tolist(), rows.left.tolist(), strict=True)
    assert list(found) == [
        (0, 0, False), (1, 0, True), (2, 0, False), (0, 1, False), (1, 1, True), (2, 1, True),
    ]  # fmt: skip
    assert (left_out, rows.churned_customers, rows.number_of_customers) == (0, 2, 3)


def test_who_is_not_followed_long_enough_is_left_out_and_counted() -> None:
    rows, left_out = observed([NAN, 80, NAN], [110, 111])

    assert (len(rows), left_out) == (2, 2)


def test_predictors_are_points_and_the_raw_ones() -> None:
    rows, _ = observed([NAN, 80], [20, 50])

    assert predictor_names([FORMULA]) == ["score", "voice", "nps_last", "mrr", "tenure_months"]
    # On day 20 nobody has answered, and the customers are too new.
    assert np.isnan(rows.predictors["score"][:2]).all()
    assert rows.predictors["score"][2:].tolist() == [50, 50]
    assert rows.predictors["voice"][2:].tolist() == [50, 50]
    assert rows.predictors["nps_last"][2:].tolist() == [5, 5]
    assert rows.bands[2:].tolist() == [1, 1]
