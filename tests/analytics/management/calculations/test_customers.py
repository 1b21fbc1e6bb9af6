"""Churn of a period, of all customers and of groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.management.calculations.calculating import calculate, csv_of, refused

APRIL = ["--from", "2026-04-01", "--to", "2026-04-30"]
ROWS = [
    ("2026-01-01", "", "a", 8),
    ("2026-01-01", "2026-04-30", "a", 2),
    ("2026-04-01", "2026-04-20", "b", 1),
    ("2026-03-31", "2026-05-01", "b", 4),
    ("2025-01-01", "2026-03-31", "b", 7),
]


def test_who_joins_and_leaves_within_the_period_is_in_neither_number(tmp_path: Path) -> None:
    file = csv_of(tmp_path / "c.csv", "started_on,churned_on,group,count", ROWS)
    found = calculate("churn", file, *APRIL)

    assert (found["customers_at_start"], found["customers_churned"]) == (14, 2)
    assert found["churn_low"] < found["churn_rate"] == 2 / 14 < found["churn_high"]
    assert found["churn_rate_with_joined"] == pytest.approx(3 / 15)
    assert found["groups"]["b"]["churn_rate"] == 0
    assert found["groups"]["a"]["customers_at_start"] == 10


def test_of_nobody_there_is_no_rate(tmp_path: Path) -> None:
    file = csv_of(tmp_path / "c.csv", "started_on,churned_on", [("2026-06-01", "")])
    found = calculate("churn", file, *APRIL)

    assert (found["churn_rate"], found["churn_low"], found["churn_rate_with_joined"]) == (None,) * 3
    assert "--from" in refused("churn", file)
