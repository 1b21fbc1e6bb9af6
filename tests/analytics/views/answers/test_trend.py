"""What stands on the page of the trend besides the figures."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from tests.analytics import world
from tests.staffing import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_the_page_says_that_neighbours_share_answers() -> None:
    world.answers_in(4, *[10] * 12)
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
    world.answers_in(4, *[10] * 12)
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
    assert table[0].endswith(",still_coming_in,looks_incomplete,from,to")
    assert table[1].endswith(",2026-04-23,2026-04-30")


def test_the_month_that_runs_is_marked(viewer: Client, gold_customers: None) -> None:
    page = viewer.get("/analytics/trend/?preset=quarter").content.decode()

    assert page.count('class="cut"') == 1
    assert '2026-11 <span class="cut">so far</span>' in page


@pytest.mark.usefixtures("gold_customers")
def test_the_response_rate_of_a_month_whose_mails_are_young_is_marked(viewer: Client) -> None:
    text = '<span class="coming-in">still coming in</span>'
    campaign = world.make_campaign()
    early, late = (f"{day}T03:00+00:00" for day in ("2026-08-10", timezone.localdate()))
    for moment in (early, late):
        world.give_scores(world.make_customer(), campaign, 9, sent=moment, at=moment)

    page = viewer.get("/analytics/trend/?from=2026-08-01&to=2026-11-30").content.decode()

    assert page.count(text) == 1
