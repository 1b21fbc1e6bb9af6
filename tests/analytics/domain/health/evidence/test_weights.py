from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from analytics.domain.health.evidence.weights import (
    _not_negative,
    fitted_weights,
    reweighed,
    weighed,
)
from tests.analytics.domain.health.evidence.worlds import drawn

NAN = math.nan


def world() -> tuple[np.ndarray, np.ndarray]:
    rows = drawn(400, 3, slope=4)
    points = np.stack([rows.predictors["signal"], rows.predictors["noise"]], axis=1)
    return points, rows.left


def test_what_tells_something_gets_the_weight() -> None:
    points, left = world()

    weights = fitted_weights(points, left=left)

    assert weights is not None
    assert weights.sum() == 100
    assert (weights % 5 == 0).all()
    assert weights[0] >= 80


def test_what_points_the_wrong_way_gets_none_instead_of_a_negative_one() -> None:
    points, left = world()
    turned = np.column_stack([points[:, 0], 100 - points[:, 0] * 0.5 - points[:, 1] * 0.5])

    weights = fitted_weights(turned, left=left)

    assert weights is not None
    assert weights.tolist() == [100, 0]


def test_the_fit_is_the_one_of_a_general_optimiser() -> None:
    points, left = world()
    features = np.nan_to_num((50 - points) / 29)
    outcome = left.astype(float)

    def loss(slopes: np.ndarray) -> float:
        odds = slopes[0] + features @ slopes[1:]
        return float((np.logaddexp(0, odds) - outcome * odds).sum() + (slopes[1:] ** 2).sum() / 2)

    expected = minimize(loss, np.zeros(3), bounds=[(None, None), (0, None), (0, None)])

    assert _not_negative(features, outcome) == pytest.approx(expected.x[1:], abs=1e-3)


def test_nothing_is_fitted_of_nothing() -> None:
    left = np.array([True, False])
    assert fitted_weights(np.array([[1.0], [1.0]]), left=left) is None
    assert fitted_weights(np.array([[1.0], [2.0]]), left=np.array([True, True])) is None
    assert fitted_weights(np.empty((0, 2)), left=np.empty(0, dtype=bool)) is None
    # Only the wrong way round.
    assert fitted_weights(np.array([[9.0], [1.0]]), left=left) is None


def test_draft_weights_are_shared_out_over_the_known() -> None:
    found = weighed(np.array([[50, 100], [NAN, 100], [NAN, NAN]]), np.array([75.0, 25.0]))

    assert found[:2].tolist() == [62.5, 100]
    assert math.isnan(found[2])


def test_a_measure_that_would_weigh_nothing_is_left_out_of_the_draft() -> None:
    definition: dict[str, Any] = {"measures": [{"key": "a", "weight": 1}, {"key": "b"}]}

    found = reweighed(definition, {"a": 100, "b": 0})

    assert found == {"measures": [{"key": "a", "weight": 100}]}
    assert definition["measures"][0]["weight"] == 1
