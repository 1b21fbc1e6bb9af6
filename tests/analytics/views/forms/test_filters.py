"""What the filters of reports offer and refuse."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.analytics import world
from tests.staffing import client_as

PERIOD = "from=2026-04-01&to=2026-06-30"

pytestmark = pytest.mark.django_db
PAGE = "/analytics/segments/?from=2026-04-01&to=2026-04-30&by=size"


def test_the_filter_offers_bands_from_low_to_high() -> None:
    world.three_bands()
    page = client_as("admin").get(PAGE)
    _, (_, choices) = page.context["form"].fields["where"].choices
    assert choices == [(f"size={each}", each or "–") for each in ("small", "middle", "large", "")]


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
def test_bad_filter_is_explained(viewer: Client, three_plans: None, query: str) -> None:
    page = viewer.get(f"/analytics/segments/?{query}")

    assert page.status_code == 422
    assert page.context["form"].errors
    errors = [text for each in page.context["form"].errors.values() for text in each]
    assert all(str(error) in page.content.decode().replace("&#x27;", "'") for error in errors)


def test_where_of_the_page_narrows_the_answers(viewer: Client, three_plans: None) -> None:
    page = viewer.get(f"/analytics/segments/?{PERIOD}&by=plan&where=plan%3Dgold")
    both = viewer.get(f"/analytics/segments/?{PERIOD}&by=plan&where=plan%3Dgold&where=plan%3Dfew")

    assert page.context["report"].total.responses == 12
    assert both.context["report"].total.responses == 13
