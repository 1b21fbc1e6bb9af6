"""CSV and JSON keep the names and the codes of the contract."""

from __future__ import annotations

import csv
import io

import pytest

from tests.actions.goals import make_target
from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db

YEAR = "from=2026-04-01&to=2027-03-31"


def first_column(page: str) -> list[str]:
    data = client_as("viewer", email="v@koe.example").get(f"/analytics/{page}&format=csv").content
    return [row[0] for row in csv.reader(io.StringIO(data.decode("utf-8-sig")))]


def test_a_csv_has_codes_where_a_workbook_has_words() -> None:
    world.followed(score=0, stays=12, leaves=6, mrr=5)

    assert first_column(f"outcomes/?{YEAR}") == [
        "group", "promoter", "passive", "detractor", "no_answer",
    ]  # fmt: skip


def test_months_and_days_stay_as_they_are_sorted(db: None) -> None:
    make_target("nps", 10)

    assert first_column("trend/?from=2026-04-01&to=2026-05-31") == ["period", "2026-04", "2026-05"]
