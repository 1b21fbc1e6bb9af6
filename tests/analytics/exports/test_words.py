from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from analytics.exports.words import SHEETS, readable, sheet_name
from analytics.reports.report import Column, Kind


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_spreadsheet_takes_the_names_of_its_sheets(language: str) -> None:
    """At most 31 signs, each name once, and none of the signs that are not allowed."""
    with translation.override(language):
        names = [sheet_name(name) for name in SHEETS]

    assert len(set(names)) == len(names)
    assert [each for each in names if len(each) > 31 or set(each) & set("[]:*?/\\'")] == []


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Kind.CODE, "no_answer", "No answer"),
        (Kind.TEXT, "no_answer", "no_answer"),
        (Kind.CODE, None, None),
        (Kind.DATE, "1900-03-01", 61),
        (Kind.DATE, "", ""),
        (Kind.PERIOD, "2026-Q2", "Q2 2026"),
        (Kind.PERIOD, "2026-04", (dt.date(2026, 4, 1) - dt.date(1899, 12, 30)).days),
        (Kind.DIMENSION, "", "–"),
        (Kind.FLAG, False, "no"),
        (Kind.COUNT, 0, 0),
    ],
)
def test_a_cell_holds_what_its_kind_says(kind: Kind, value: Any, shown: Any) -> None:
    assert readable(value, Column("group", kind)) == shown
