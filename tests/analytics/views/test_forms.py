"""What the filters of reports offer and refuse."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from analytics.counting import folding
from tests.analytics import world
from tests.staffing import client_as

PERIOD = "from=2026-04-01&to=2026-06-30"

pytestmark = pytest.mark.django_db
PAGE = "/analytics/segments/?from=2026-04-01&to=2026-04-30&by=size"
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


def test_the_filter_offers_bands_from_low_to_high() -> None:
    three_bands()
    page = client_as("admin").get(PAGE)
    _, (_, choices) = page.context["form"].fields["where"].choices
    assert choices == [(f"size={each}", each or "–") for each in ("small", "middle", "large", "")]


@pytest.fixture
def data() -> None:
    world.make_dimension("plan", label="Plan")
    world.make_dimension("role", source="respondent")
    campaign = world.make_campaign(slug="spring")
    for plan, scores in (("gold", [10] * 11 + [0]), ("-tin", [0] * 10 + [10]), ("few", [8])):
        customer = world.make_customer(
            plan=plan, name=plan, started_on="2026-01-01", mrr={"2026-03": 90, "2026-06": 80}
        )
        world.give_scores(customer, campaign, *scores, role="Buyer")
    folding.fold_all()


@pytest.fixture
def viewer(client: Client) -> Client:
    client.force_login(world.make_staff("viewer"))
    return client


def get(client: Client, page: str):
    return client.get(f"/analytics/{page}")


@pytest.mark.parametrize(
    "query",
    [
        "preset=custom",
        "preset=custom&from=2026-05-01&to=2026-04-01",
        "from=yesterday&to=2026-04-01",
        "by=size",
        "where=plan%3Dnone",
        "campaign=none",
    ],
)
def test_bad_filter_is_explained(viewer: Client, data: None, query: str) -> None:
    page = get(viewer, f"segments/?{query}")

    assert page.status_code == 422
    assert page.context["form"].errors
    errors = [text for each in page.context["form"].errors.values() for text in each]
    assert all(str(error) in page.content.decode().replace("&#x27;", "'") for error in errors)


def test_where_of_the_page_narrows_the_answers(viewer: Client, data: None) -> None:
    page = get(viewer, f"segments/?{PERIOD}&by=plan&where=plan%3Dgold")
    both = get(viewer, f"segments/?{PERIOD}&by=plan&where=plan%3Dgold&where=plan%3Dfew")

    assert page.context["report"].total.responses == 12
    assert both.context["report"].total.responses == 13
