"""Survival by group; the published trials stand in docs/published."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.management.calculations.calculating import calculate, csv_of, refused


def test_groups_are_held_against_the_first_one(tmp_path: Path) -> None:
    rows = [(30, 1, "a")] * 4 + [(90, 0, "a")] * 16 + [(10, 1, "b")] * 10 + [(90, 0, "b")] * 10
    file = csv_of(tmp_path / "s.csv", "days,churned,group", rows)
    found = calculate("survival", file, "--horizon", 60)
    one, other = found["groups"].values()

    assert (one["survival"], other["survival"]) == pytest.approx((0.8, 0.5))
    assert other["relative_risk"] == pytest.approx(2.5)
    assert other["rr_low"] < 2.5 < other["rr_high"]
    assert "relative_risk" not in one
    means = one["restricted_mean"], other["restricted_mean"]
    assert means == pytest.approx((0.2 * 30 + 0.8 * 60, 0.5 * 10 + 0.5 * 60))
    assert other["restricted_mean_difference"] == pytest.approx(means[1] - means[0])
    assert [pair["group"] for pair in found["pairs"]] == ["a"]
    assert found["pairs"][0]["p_value"] == pytest.approx(found["log_rank"]["p_value"])


def test_one_group_has_no_test(tmp_path: Path) -> None:
    found = calculate("survival", csv_of(tmp_path / "s.csv", "days,churned", [(5, 1), (9, 0)]))

    assert (found["horizon"], found["log_rank"], found["pairs"]) == (9, None, [])
    assert found["groups"][""]["median"] == 5


def test_a_horizon_is_ahead(tmp_path: Path) -> None:
    file = csv_of(tmp_path / "s.csv", "days,churned", [(5, 1)])

    assert "--horizon" in refused("survival", file, "--horizon", -1)
    assert "--horizon" in refused("survival", csv_of(tmp_path / "z.csv", "days,churned", [(0, 1)]))
