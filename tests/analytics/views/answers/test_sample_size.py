from __future__ import annotations

import datetime as dt
import math

import pytest

from surveys.models import Campaign
from tests.analytics import world
from tests.staffing import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
HTMX = {"HX-Request": "true"}


def lines() -> dict[int, tuple[int, int, int | None]]:
    page = client_as("viewer").get("/analytics/sample-size/")
    found = page.context["lines"]
    return {line.points: (line.margin, line.difference, line.asked) for line in found}


def test_without_answers_it_is_the_worst_case() -> None:
    assert lines()[10] == (382, 1567, None)


def test_with_answers_it_goes_by_them() -> None:
    world.answers_in(10, *[0] * 3, *[7] * 6, *[9] * 11)
    customer = world.make_customer(started_on=dt.date(2025, 1, 1))
    world.ask(world.make_respondent(customer), world.make_campaign(), sent="2026-10-02T09:00+00:00")

    margin, difference, asked = lines()[10]

    # 20 of 21 have answered.
    assert (margin, difference, asked) == (205, 845, math.ceil(845 * 21 / 20))


def test_how_many_to_ask_is_not_known_of_imported_answers() -> None:
    """Another system tells of those who answered only: nearly all of those asked."""
    world.answers_in(10, *[0] * 3, *[7] * 6, *[9] * 11)
    Campaign.objects.update(state="imported")

    assert lines()[10] == (205, 845, None)


def test_the_campaigns_page_asks_for_the_table_alone() -> None:
    campaign = world.make_campaign(slug="spring", state="draft")
    client = client_as("cs")

    page = client.get(f"/campaigns/{campaign.slug}/").content.decode()
    part = client.get("/analytics/sample-size/", headers=HTMX).content.decode()

    assert 'hx-get="/analytics/sample-size/"' in page
    assert "How many answers do I need?" in part
    assert "<html" not in part
