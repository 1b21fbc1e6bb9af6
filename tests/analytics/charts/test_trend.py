"""Charts over time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.analytics import world
from tests.staffing import client_as

ITSELF = "revenue would be compared with itself"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_a_launch_is_marked_once_in_the_month_that_it_fell_in() -> None:
    launched = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)
    world.make_campaign(name="May", state="running", launched_at=launched)
    world.answers_in(4, *[10] * 12)

    page = client_as("viewer").get("/analytics/trend/?from=2026-04-10&to=2026-06-20&step=rolling-3")

    layers = page.context["charts"]["nps"]["spec"]()["datasets"].values()
    marks = [row for rows in layers for row in rows if "name" in row]
    assert marks == [{"period": "2026-05", "name": "May"}]


def grey_cells(page: str) -> int:
    return page.count("number says-nothing")


def test_the_trend_leaves_the_running_month_out_of_its_line(
    viewer: Client, gold_customers: None
) -> None:
    answer = viewer.get("/analytics/trend/?from=2026-10-01&to=2026-11-22")
    page = answer.content.decode()

    assert (page.count(ITSELF), grey_cells(page)) == (1, 1)
    assert "No month-end falls in 2026-11 yet" in page
    nrr = answer.context["charts"]["nrr"]
    drawn = [row for rows in nrr["spec"]()["datasets"].values() for row in rows if "rate" in row]
    assert [(row["period"], row["rate"]) for row in drawn] == [("2026-10", 0.75)]
    assert "0.75" not in nrr["alt"]
    assert "2026-11" not in nrr["alt"]


def test_an_unfinished_month_is_a_hollow_point_at_the_end_of_a_dashed_line() -> None:
    for month in (9, 10, 11):
        world.answers_in(month, *[10] * 12)

    charts = client_as("viewer").get("/analytics/trend/?from=2026-09-15&to=2026-12-31")

    # September is cut at its edge, behind its e-mails; November still runs.
    for name, field, hollow in (
        ("nps", "nps", ["2026-09", "2026-11"]), ("response_rate", "rate", ["2026-11"]),
    ):  # fmt: skip
        spec = charts.context["charts"][name]["spec"]()
        drawn = {
            (layer["mark"]["type"], "strokeDash" in layer["mark"]): [
                each["period"] for each in rows
            ]
            for layer in spec["layer"]
            if layer["encoding"].get("y", {}).get("field") == field
            and (rows := spec["datasets"][layer["data"]["name"]])
        }
        assert drawn["line", False] == ["2026-10"], name
        # Of the two dashed lines the last one.
        assert drawn["line", True] == ["2026-10", "2026-11"], name
        assert drawn["point", False] == hollow, name
