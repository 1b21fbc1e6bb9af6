"""Presets of a period, or two days of one's own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.analytics import world
from tests.staffing import client_as

TODAY = dt.date(2026, 11, 22)

pytestmark = pytest.mark.django_db
BANDS = {"thresholds": ["10", "100"], "labels": ["small", "middle", "large"]}


def three_bands() -> None:
    world.make_dimension("size", attribute="seats", bands=BANDS)
    campaign = world.make_campaign()
    for seats, scores in (
        ("5", [0] * 6 + [9] * 6),
        ("50", [9] * 12),
        ("500", [0] * 12),
        ("x", [9]),
    ):
        customer = world.make_customer(
            seats=seats, started_on=dt.date(2025, 1, 1), mrr={"2026-03": 10}
        )
        world.give_scores(customer, campaign, *scores)


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
    three_bands()
    period = (
        client_as("admin").get(f"/analytics/segments/?preset={preset}").context["report"].period
    )
    assert (f"{period.start}", f"{period.last_day}") == (first, last)


@pytest.fixture(autouse=True)
def today(monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def viewer() -> Client:
    world.make_dimension("plan", label="Plan")
    mrr = {"2025-09": 90, "2025-10": 100, "2026-09": 120, "2026-10": 90}
    for place in range(12):
        customer = world.make_customer(
            plan="gold",
            started_on=dt.date(2024, 1, 1),
            churned_on=dt.date(2026, 12, 5) if place == 0 else None,
            mrr=mrr,
        )
        moment = "2026-11-10T12:00+00:00"
        world.give_scores(customer, world.make_campaign(), 9, 3, sent=moment, at=moment)
    return client_as("viewer")


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
    viewer: Client, query: str, compared: tuple[str, str]
) -> None:
    found = viewer.get(f"/analytics/segments/?{query}").context["compared"]

    assert (f"{found.start}", f"{found.last_day}") == compared
