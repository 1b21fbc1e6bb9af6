"""Published numbers, through the command that anybody can check them with."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from statsmodels.stats.multitest import multipletests


def calculate(*arguments: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("calculate", *map(str, arguments), stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_score_interval() -> None:
    found = calculate("interval", 10, 20, 30)

    assert found == pytest.approx({"nps": 100 / 3, "nps_low": 13.174019, "nps_high": 50.563893})
    wide = calculate("interval", 10, 20, 30, "--confidence", 0.99)
    assert wide["nps_low"] == pytest.approx(6.452969)


def test_change_by_mover() -> None:
    assert list(calculate("change", 10, 20, 30, 20, 20, 20).values()) == pytest.approx(
        [100 / 3, 4.704458, 59.981161, 0.0223482], rel=1e-5
    )


@pytest.mark.parametrize(
    ("mix", "points", "margin", "difference"),
    [((15, 30, 55), 5, 827, None), ((15, 30, 55), 10, 205, 845), ((15, 30, 55), 20, 49, 209),
     ((1, 0, 1), 5, 1534, None), ((1, 0, 1), 10, 382, None), ((0, 0, 0), 20, 94, None)],
)  # fmt: skip
def test_sample_size(mix, points, margin, difference) -> None:
    found = calculate("sample_size", *mix, "--points", points)

    assert found["answers_for_margin"] == margin
    assert difference in (None, found["answers_per_group_for_difference"])


P_VALUES = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
    0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


@pytest.mark.parametrize(
    ("way", "method", "rejections"), [("benjamini_hochberg", "fdr_bh", 4), ("holm", "holm", 3)]
)
def test_corrections_of_the_paper_of_1995(way: str, method: str, rejections: int) -> None:
    found = calculate("adjust", *P_VALUES)[way]

    assert found["adjusted"] == pytest.approx(multipletests(P_VALUES, method=method)[1].tolist())
    assert sum(found["significant"]) == rejections


def written(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_weighted_as_the_survey_package_of_r(tmp_path: Path) -> None:
    scores, weights = (10, 9, 8, 6, 3, 10, 7, 0), (1000, 500, 200, 800, 100, 50, 300, 50)
    rows = [f"{score},{weight}" for score, weight in zip(scores, weights, strict=True)]

    found = calculate("weighted", written(tmp_path / "w.csv", "score,weight", *rows))

    assert (found["nps"], found["weighted_nps"]) == (0, pytest.approx(20))
    assert found["standard_error"] == pytest.approx(47.091940)
    assert found["n_effective"] == pytest.approx(4.422604)
    # Worth fewer than five customers.
    assert (found["low"], found["high"]) == (None, None)


def test_clustered_counts_customers(tmp_path: Path) -> None:
    rows = [
        f"{score},{name}"
        for name in "abcdef"
        for score in ((10, 10), (0, 0), (9, 9))["abcdef".index(name) % 3]
    ]

    found = calculate("clustered", written(tmp_path / "c.csv", "score,customer", *rows))

    assert found["nps"] == pytest.approx(100 / 3)
    # Six customers of one opinion each: R's svymean over them, and over twelve answers.
    assert found["standard_error"] == pytest.approx(100 * (8 / 9 / 5) ** 0.5)
    assert found["standard_error_independent"] == pytest.approx(100 * (8 / 9 / 11) ** 0.5)
    assert found["design_effect"] == pytest.approx(11 / 5)
    assert found["n_effective"] < 6


def test_post_stratified_weighs_by_the_shares_given(tmp_path: Path) -> None:
    rows = [*["9,en,1"] * 8, *["0,en,1"] * 2, *["9,ja,3"] * 2, *["0,ja,3"] * 3]

    found = calculate("stratified", written(tmp_path / "s.csv", "score,stratum,share", *rows))

    assert found["nps"] == pytest.approx(0.25 * 60 + 0.75 * -20)
    assert found["nps_low"] < found["nps"] < found["nps_high"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["interval", 1, 2, -3], "0 or more"),
        (["interval", 1, 2, 3, "--confidence", 95], "lie between 0 and 1"),
        (["sample_size", 1, 2, 3, "--points", 0], "more than 0"),
        (["adjust", 1.5], "between 0 and 1"),
        (["weighted", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_calculated_is_refused(arguments: list[Any], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        calculate(*arguments)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["score", "9"], "columns score, weight"),
        (["score,weight"], "and a row"),
        (["score,weight", "8.5,1"], "whole number"),
        (["score,weight", "9,-1"], "0 or more"),
        (["score,weight", "9,much"], "weight: "),
    ],
)
def test_files_that_say_something_else_are_refused(rows, said, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=said):
        calculate("weighted", written(tmp_path / "w.csv", *rows))
