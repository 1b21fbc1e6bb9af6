"""Ledgers of recurring revenue, from amounts and from subscriptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.management.calculations.calculating import calculate, csv_of, refused

LEDGER = [
    ("A", "2026-01", 100, "x"), ("B", "2026-01", 50, "y"), ("A", "2026-02", 80, "x"),
    ("C", "2026-02", 30, "y"), ("A", "2026-03", 90, "x"), ("B", "2026-03", 60, "y"),
    ("C", "2026-03", 30, "y"),
]  # fmt: skip
HEADER = "customer,month,mrr,group"


def test_months_totals_and_one_month_against_another(tmp_path: Path) -> None:
    found = calculate("revenue", csv_of(tmp_path / "l.csv", HEADER, LEDGER))

    moved = ("new", "expansion", "contraction", "churned", "reactivated")
    assert [[month[name] for name in moved] for month in found["months"]] == [
        [150, 0, 0, 0, 0], [30, 0, 20, 50, 0], [0, 10, 0, 0, 60],
    ]  # fmt: skip
    assert found["totals"]["new"] == {"count": 3, "mrr": 180}
    assert found["totals"]["reactivated"] == {"count": 1, "mrr": 60}
    whole = found["from_to"]
    assert (whole["from"], whole["to"]) == ("2026-01", "2026-03")
    assert (whole["nrr"], whole["grr"]) == (1.0, pytest.approx(140 / 150))
    assert whole["grr_without_returned"] == pytest.approx(90 / 150)
    assert whole["groups"]["y"]["nrr"] == pytest.approx(60 / 50)
    assert found["nrr_of_months"] == pytest.approx(80 / 150 * 120 / 110)


def test_a_span_within_the_table(tmp_path: Path) -> None:
    file = csv_of(tmp_path / "l.csv", HEADER, LEDGER)
    found = calculate("revenue", file, "--from", "2026-02", "--to", "2026-03")

    assert found["from_to"]["start"] == 110
    assert "before --from" in refused("revenue", file, "--from", "2026-03", "--to", "2026-01")
    assert "--to: 'May' is not a month" in refused("revenue", file, "--to", "May")


SUBSCRIPTIONS = "customer_id,start_date,end_date,monthly_amount"


def test_what_is_in_force_at_the_end_of_a_month_counts(tmp_path: Path) -> None:
    rows = [("A", "2026-01-31", "2026-03-31", 10), ("A", "2026-02-01", "", 5)]
    file = csv_of(tmp_path / "s.csv", SUBSCRIPTIONS, rows)
    found = calculate("subscriptions", file, "--on", "2026-03-30")

    # The last day named is 31 March: by then the first one has ended.
    assert [month["end"] for month in found["months"]] == [10, 15, 5]
    assert found["on"] == {"day": "2026-03-30", "mrr": 15, "subscriptions": 2}
    assert "--on: 'today' is not a day" in refused("subscriptions", file, "--on", "today")


def test_days_that_cannot_be_are_refused(tmp_path: Path) -> None:
    back = csv_of(tmp_path / "b.csv", SUBSCRIPTIONS, [("A", "2026-02-01", "2026-01-01", 1)])
    long = csv_of(tmp_path / "l.csv", SUBSCRIPTIONS, [("A", "1900-01-01", "2026-01-01", 1)])

    assert "row 1: end_date: 2026-01-01 is before 2026-02-01" in refused("subscriptions", back)
    assert "more than 600 months apart" in refused("subscriptions", long)
