"""Figures that the definitions give, and that no page may let look like a result."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "gold_customers")]

ITSELF = "revenue would be compared with itself"
NOVEMBER = "preset=custom&from=2026-11-01&to=2026-11-22"
ALL_CUSTOMERS = "all customers of the segment, whatever the language or campaign"


def grey_cells(page: str) -> int:
    return page.count("number says-nothing")


def test_segments_without_a_month_end_grey_their_revenue(viewer: Client) -> None:
    page = viewer.get(f"/analytics/segments/?{NOVEMBER}").content.decode()
    other = viewer.get("/analytics/segments/?from=2026-10-01&to=2026-10-31").content.decode()

    assert (page.count(ITSELF), grey_cells(page)) == (1, 6)
    assert (other.count(ITSELF), grey_cells(other)) == (0, 0)


def test_movements_without_a_month_end_say_so_too(viewer: Client) -> None:
    page = viewer.get("/analytics/retention/?from=2026-10-05&to=2026-10-20").content.decode()
    other = viewer.get("/analytics/retention/?from=2026-10-01&to=2026-10-31").content.decode()

    assert (page.count(ITSELF), page.count("figure says-nothing")) == (1, 2)
    assert (other.count(ITSELF), other.count("figure says-nothing")) == (0, 0)


def test_the_file_keeps_the_definition_and_names_the_months(viewer: Client) -> None:
    shown = viewer.get(f"/analytics/segments/?{NOVEMBER}&format=json").json()
    autumn = viewer.get("/analytics/segments/?from=2026-10-05&to=2026-12-31&format=json").json()

    assert (shown["total"]["nrr"], shown["total"]["revenue_churn_rate"]) == (1.0, 0.0)
    assert shown["revenue_months"] == {"start": "2026-10", "end": "2026-10"}
    # December is not imported yet: the last month-end known stands for the end.
    assert autumn["revenue_months"] == {"start": "2026-09", "end": "2026-10"}


def test_days_to_come_have_no_churn(viewer: Client) -> None:
    ahead = "from=2026-12-01&to=2026-12-31"
    answer = viewer.get(f"/analytics/segments/?{ahead}")
    total = answer.content.decode().split('<tr class="total">')[1].split("</tr>")[0]
    trend = viewer.get("/analytics/trend/?from=2026-11-01&to=2026-12-31")
    churn = trend.context["charts"]["customer_churn"]
    drawn = [row for rows in churn["spec"]()["datasets"].values() for row in rows if "rate" in row]

    assert "nobody knows yet who will stay" in answer.content.decode()
    assert total.count('<span class="unknown">–</span>') >= 2
    # Nor in the files: nobody has left in days to come, and nobody knows who will.
    assert answer.context["report"].total.customer_churn_rate is None
    assert "8.3" not in total
    assert [row["period"] for row in drawn] == ["2026-11"]
    assert "Periods that have not begun show no customer churn." in trend.content.decode()
    begun = viewer.get(f"/analytics/segments/?{NOVEMBER}").content.decode()
    assert "nobody knows yet who will stay" not in begun


@pytest.mark.parametrize("page", ["segments/", "trend/"])
def test_a_language_or_campaign_is_said_not_to_choose_customers(viewer: Client, page: str) -> None:
    slug = world.make_campaign(launched_at=dt.datetime(2026, 5, 4, tzinfo=dt.UTC)).slug
    plain = viewer.get(f"/analytics/{page}?{NOVEMBER}").content.decode()

    assert ALL_CUSTOMERS not in plain
    for narrowed in ("language=en", f"campaign={slug}"):
        text = viewer.get(f"/analytics/{page}?{NOVEMBER}&{narrowed}").content.decode()
        assert ALL_CUSTOMERS in text, narrowed
    english = viewer.get(f"/analytics/segments/?{NOVEMBER}&language=en").content.decode()
    assert "Customer churn and MRR are those of all customers" in english


def test_without_columns_of_customers_nothing_is_said_of_them(viewer: Client) -> None:
    world.make_dimension("role", source="respondent")
    segments = f"/analytics/segments/?{NOVEMBER}&by=role&language=en"
    trend = f"/analytics/trend/?{NOVEMBER}&where=role%3D&language=en"

    for address in (segments, trend):
        page = viewer.get(address).content.decode()
        assert ITSELF not in page, address
        assert "whatever the language or campaign" not in page, address


def test_a_period_that_runs_says_how_far_it_has_come(viewer: Client) -> None:
    for page in ("segments/", "trend/", "outcomes/", "retention/"):
        text = viewer.get(f"/analytics/{page}?preset=quarter").content.decode()
        assert "to 31 Dec 2026 (so far, to 22 Nov 2026)" in text, page
        over = viewer.get(f"/analytics/{page}?{NOVEMBER}").content.decode()
        assert "so far" not in over, page


def test_a_picture_says_itself_what_its_page_says(viewer: Client) -> None:
    picture = "/analytics/segments/?format=svg&chart=nps-and-churn"

    running = viewer.get(f"{picture}&preset=quarter").content.decode()
    narrowed = viewer.get(f"{picture}&{NOVEMBER}&language=en").content.decode()

    assert "(so far, to 22 Nov 2026)" in running
    assert "whatever the language or campaign" not in running
    assert "whatever the language or campaign" in narrowed
    assert "so far" not in narrowed


def test_the_file_names_the_fairer_comparison(viewer: Client) -> None:
    shown = viewer.get("/analytics/segments/?preset=quarter&format=json").json()

    assert shown["period"] == {"from": "2026-10-01", "to": "2026-12-31"}
    assert shown["compared"] == {"from": "2026-07-01", "to": "2026-08-22"}
