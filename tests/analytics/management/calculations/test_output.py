"""The same figures as JSON, and as a table for the eye."""

from __future__ import annotations

from analytics.management.calculations.output import as_json, as_table
from tests.analytics.management.calculations.calculating import refused
from tests.analytics.management.commanding import run

FIGURES = {
    "nps": 100 / 3,
    "low": None,
    "zero": -0.0,
    "adjusted": [0.5, 1e-9],
    "wald": {"low": 1.0, "high": 2},
    "months": [{"month": "2026-01", "mrr": 10.0}, {"month": "2026-02", "mrr": 1234567.0}],
}


def test_table_has_single_figures_first_and_rows_under_their_names() -> None:
    assert as_table(FIGURES).splitlines() == [
        "nps       33.3333",
        "low       -",
        "zero      0",
        "adjusted  0.5  1e-09",
        "",
        "wald",
        "low   1",
        "high  2",
        "",
        "months",
        "  month          mrr",
        "2026-01           10",
        "2026-02  1.23457e+06",
    ]


def test_json_keeps_every_digit() -> None:
    assert '"nps": 33.333333333333336' in as_json(FIGURES)


def test_the_command_prints_either_and_nothing_else() -> None:
    assert run("calculate", "rate", "2", "10", "--format", "table").startswith("rate  0.2\n")
    assert "write json or table" in refused("rate", 2, 10, "--format", "xml")
