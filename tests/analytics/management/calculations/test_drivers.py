"""Drivers of tables and of published correlations; too few answers are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.analytics.management.calculations.calculating import calculate, csv_of, refused, written


def answers(count: int) -> list[list[Any]]:
    rng = np.random.default_rng(5)
    price, support = rng.integers(0, 11, (2, count))
    score = np.clip(np.rint(0.6 * price + 0.3 * support + rng.normal(0, 1, count)), 0, 10)
    return np.column_stack([score.astype(int), price, support]).tolist()


def test_shares_add_up_and_rows_with_a_gap_are_left_out(tmp_path: Path) -> None:
    rows = [*answers(120), [9, "", 3]]
    found = calculate("drivers", csv_of(tmp_path / "d.csv", "Score,Price,Support", rows))

    assert (found["answers"], found["left_out"]) == (120, 1)
    assert [each["driver"] for each in found["drivers"]] == ["price", "support"]
    assert sum(each["share"] for each in found["drivers"]) == pytest.approx(1)
    assert sum(each["shapley"] for each in found["drivers"]) == pytest.approx(found["r_squared"])
    first = found["drivers"][0]
    assert first["shapley_low"] < first["shapley"] < first["shapley_high"]


def test_some_columns_can_be_chosen(tmp_path: Path) -> None:
    file = csv_of(tmp_path / "d.csv", "score,price,support", answers(100))
    found = calculate("drivers", file, "--drivers", "support")

    assert [each["driver"] for each in found["drivers"]] == ["support"]
    assert "taste is missing" in refused("drivers", file, "--drivers", "taste")


def test_too_few_answers_and_a_rating_that_never_differs_are_refused(tmp_path: Path) -> None:
    few = csv_of(tmp_path / "f.csv", "score,price,support", answers(99))
    same = csv_of(
        tmp_path / "s.csv", "score,price,support", [[row[0], 5, row[2]] for row in answers(100)]
    )

    assert "99 answers tell too little of 2 drivers: it takes 100" in refused("drivers", few)
    assert "price: all answers are 5" in refused("drivers", same)


MATRIX = {"answers": 200, "names": ["a"], "correlations": [[1, 0.5], [0.5, 1]]}


def test_a_published_matrix_is_enough(tmp_path: Path) -> None:
    found = calculate("drivers", written(tmp_path / "m.json", json.dumps(MATRIX)))

    assert found["r_squared"] == pytest.approx(0.25)
    assert found["drivers"][0]["shapley_low"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"names": None}, 'write {"answers"'),
        ({"correlations": [[1, 0.5]]}, "2 rows of 2 numbers"),
        ({"correlations": [[1, "x"], [0.5, 1]]}, "2 rows of 2 numbers"),
        ({"correlations": [[1, 0.5], [0.4, 1]]}, "mirrored"),
        ({"correlations": [[1, 1.5], [1.5, 1]]}, "no answers can have these"),
        ({"answers": 50}, "it takes 100"),
    ],
)
def test_what_is_no_correlation_matrix_is_refused(change, said, tmp_path: Path) -> None:
    file = written(tmp_path / "m.json", json.dumps(MATRIX | change))

    assert said in refused("drivers", file)
