"""Presets of a period, or two days of one's own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.analytics import world
from tests.staffing import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("fiscal_year", "2026-04-01", "2027-03-31"),
        ("fiscal_year_1", "2026-01-01", "2026-12-31"),
        ("fiscal_year_12", "2025-12-01", "2026-11-30"),
    ],
)
def test_a_fiscal_year_begins_in_any_month(preset: str, first: str, last: str, monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: dt.date(2026, 11, 22))
    world.three_bands()
    period = (
        client_as("admin").get(f"/analytics/segments/?preset={preset}").context["report"].period
    )
    assert (f"{period.start}", f"{period.last_day}") == (first, last)


@pytest.mark.parametrize(
    ("query", "compared"),
    [
        ("preset=quarter", ("2026-07-01", "2026-08-22")),
        ("preset=fiscal_year", ("2025-04-01", "2025-11-22")),
        ("preset=fiscal_year&compare=year", ("2025-04-01", "2025-11-22")),
        ("preset=quarter&compare=year", ("2025-10-01", "2025-11-22")),
        # Own dates and those that have ended keep to the definition.
        ("from=2026-10-01&to=2026-12-31", ("2026-07-01", "2026-09-30")),
        ("preset=last_12_months", ("2024-11-23", "2025-11-22")),
    ],
)
def test_what_still_runs_is_compared_with_as_many_days(
    viewer: Client, gold_customers: None, query: str, compared: tuple[str, str]
) -> None:
    found = viewer.get(f"/analytics/segments/?{query}").context["compared"]

    assert (f"{found.start}", f"{found.last_day}") == compared
