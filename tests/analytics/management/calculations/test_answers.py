"""Tables of answers: weights by group, customers, strata."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.management.calculations.calculating import calculate, csv_of, refused


def test_each_group_has_figures_of_its_own(tmp_path: Path) -> None:
    rows = [(10, 5, "a"), (9, 1, "a"), (0, 3, "b"), (7, 3, "b"), (8, 9, "b")]
    whole = calculate("weighted", csv_of(tmp_path / "w.csv", "score,weight,group", rows))
    alone = calculate("weighted", csv_of(tmp_path / "b.csv", "score,weight,group", rows[2:]))

    assert whole["groups"]["b"] == alone
    assert whole["groups"]["a"]["weighted_nps"] == 100
    assert whole["weighted_nps"] == pytest.approx(100 * (6 - 3) / 21)


def test_answers_without_weight_or_customer(tmp_path: Path) -> None:
    nothing = calculate("weighted", csv_of(tmp_path / "w.csv", "score,weight", [(9, 0), (2, 0)]))
    loose = calculate("clustered", csv_of(tmp_path / "c.csv", "score,customer", [(9, ""), (2, "")]))
    one = calculate("clustered", csv_of(tmp_path / "o.csv", "score,customer", [(9, "a"), (2, "a")]))

    assert nothing["weighted_nps"] is None
    assert nothing["standard_error_by_kish"] is None
    assert (loose["customers"], loose["design_effect"]) == (2, 1)
    # One customer cannot tell.
    assert (one["nps"], one["nps_low"], one["standard_error"]) == (0, None, None)


def test_a_stratum_has_one_share(tmp_path: Path) -> None:
    two = [(9, "en", 1), (8, "en", 2)]

    assert "'en' has 1 and 2" in refused(
        "stratified", csv_of(tmp_path / "s.csv", "score,stratum,share", two)
    )
    assert "all are 0" in refused(
        "stratified", csv_of(tmp_path / "z.csv", "score,stratum,share", [(9, "en", 0)])
    )
