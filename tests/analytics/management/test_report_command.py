"""The one command of all reports."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.analytics.management.commanding import PERIOD, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_customer")]
ROOT = Path(__file__).resolve().parents[3]


def test_csv_and_json_hold_the_same_figures() -> None:
    (row,) = json.loads(run("report_segments", "--by", "plan", *PERIOD))["rows"]
    text = run("report_segments", "--by", "plan", *PERIOD, "--format", "csv")
    (line,) = csv.DictReader(io.StringIO(text))

    # What a spreadsheet would run as a formula stands as text.
    assert row.pop("segment") == {"plan": "=1+1, gold"}
    assert line.pop("plan") == "'=1+1, gold"
    assert line.keys() == row.keys()
    for name, value in row.items():
        assert (json.loads(line[name]) if line[name] else None) == value, name


def test_bad_argument_ends_with_1_and_without_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "report_segments", "--by", "plan"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.strip().splitlines() == [
        "CommandError: --from: write a day, such as --from 2026-04-01."
    ]


def test_trend_outcomes_and_retention_print_their_reports() -> None:
    trend = json.loads(run("report_trend", "--by", "quarter", *PERIOD, "--where", "plan=none"))
    outcomes = json.loads(run("report_outcomes", *PERIOD, "--horizon", "90"))
    retention = json.loads(run("report_retention", *PERIOD))

    assert [row["period"] for row in trend["rows"]] == ["2026-Q2"]
    assert (trend["rows"][0]["responses"], outcomes["horizon_days"]) == (0, 90)
    assert len(outcomes["rows"]) == 4
    assert "movements" in retention
    assert run("report_trend", *PERIOD, "--format", "csv").startswith("period,responses,")
