"""Charts over time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from surveys.models import Campaign
from tests.analytics import world
from tests.staffing import client_as

TODAY = dt.date(2026, 11, 22)
ITSELF = "revenue would be compared with itself"

pytestmark = pytest.mark.django_db


def answers_in(month: int, *scores: int) -> None:
    """Asked on the first of the month and answered on the 15th."""
    world.give_scores_apart(
        Campaign.objects.first() or world.make_campaign(),
        *scores,
        sent=f"2026-{month:02}-01T12:00+00:00",
        at=f"2026-{month:02}-15T12:00+00:00",
    )


def test_a_launch_is_marked_once_in_the_month_that_it_fell_in() -> None:
    launched = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)
    world.make_campaign(name="May", state="running", launched_at=launched)
    answers_in(4, *[10] * 12)

    page = client_as("viewer").get("/analytics/trend/?from=2026-04-10&to=2026-06-20&step=rolling-3")

    layers = page.context["charts"]["nps"]["spec"]()["datasets"].values()
    marks = [row for rows in layers for row in rows if "name" in row]
    assert marks == [{"period": "2026-05", "name": "May"}]


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


def grey_cells(page: str) -> int:
    return page.count("number says-nothing")


def test_the_trend_leaves_the_running_month_out_of_its_line(viewer: Client) -> None:
    answer = viewer.get("/analytics/trend/?from=2026-10-01&to=2026-11-22")
    page = answer.content.decode()

    assert (page.count(ITSELF), grey_cells(page)) == (1, 1)
    assert "No month-end falls in 2026-11 yet" in page
    nrr = answer.context["charts"]["nrr"]
    drawn = [row for rows in nrr["spec"]()["datasets"].values() for row in rows if "rate" in row]
    assert [(row["period"], row["rate"]) for row in drawn] == [("2026-10", 0.75)]
    assert "0.75" not in nrr["alt"]
    assert "2026-11" not in nrr["alt"]
