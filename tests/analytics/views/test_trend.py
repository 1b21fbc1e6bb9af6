"""What stands on the page of the trend besides the figures."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client

from surveys.models import Campaign
from tests.analytics import world
from tests.staffing import client_as

TODAY = dt.date(2026, 11, 22)

pytestmark = pytest.mark.django_db


def answers_in(month: int, *scores: int) -> None:
    """Asked on the first of the month and answered on the 15th."""
    world.give_scores_apart(
        Campaign.objects.first() or world.make_campaign(),
        *scores,
        sent=f"2026-{month:02}-01T12:00+00:00",
        at=f"2026-{month:02}-15T12:00+00:00",
    )


def test_the_page_says_that_neighbours_share_answers() -> None:
    answers_in(4, *[10] * 12)
    client: Client = client_as("viewer")
    days = "from=2026-04-10&to=2026-06-20"

    page = client.get(f"/analytics/trend/?{days}&step=rolling-12").content.decode()
    plain = client.get(f"/analytics/trend/?{days}&step=month").content.decode()
    shown = json.loads(client.get(f"/analytics/trend/?{days}&step=rolling-12&format=json").content)

    assert "neighbouring points share answers" in page
    assert "12 months to" in page
    assert "share answers" not in plain
    assert shown["by"] == "rolling-12"
    assert [row["responses"] for row in shown["rows"]] == [12, 12, 12]


def test_a_cut_month_says_so_on_the_page_and_in_the_files() -> None:
    answers_in(4, *[10] * 12)
    client = client_as("viewer")
    address = "/analytics/trend/?from=2026-04-23&to=2026-06-30"

    page = client.get(address).content.decode()
    rows = client.get(f"{address}&format=json").json()["rows"]
    table = client.get(f"{address}&format=csv").content.decode().splitlines()

    assert page.count('class="cut"') == 1
    assert '2026-04 <span class="cut">8 of 30 days</span>' in page
    assert [(row["from"], row["to"]) for row in rows[:2]] == [
        ("2026-04-23", "2026-04-30"), ("2026-05-01", "2026-05-31"),
    ]  # fmt: skip
    assert table[0].endswith(",nrr,from,to")
    assert table[1].endswith(",2026-04-23,2026-04-30")


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


def test_the_month_that_runs_is_marked(viewer: Client) -> None:
    page = viewer.get("/analytics/trend/?preset=quarter").content.decode()

    assert page.count('class="cut"') == 1
    assert '2026-11 <span class="cut">so far</span>' in page
