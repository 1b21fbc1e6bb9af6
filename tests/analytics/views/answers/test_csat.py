from __future__ import annotations

import csv
import io

import pytest

from common.templatetags.figures import write_percent
from tests.actions.goals import make_target
from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db

PERIOD = "from=2026-04-01&to=2026-06-30"


def test_the_page_says_how_to_ask_where_nobody_does() -> None:
    page = client_as("viewer").get("/analytics/csat/").content.decode()

    assert "No campaign asks for satisfaction yet" in page
    assert "Nobody answered" not in page


def test_the_page_says_so_where_the_period_has_no_answer() -> None:
    world.satisfaction_campaign()

    page = client_as("viewer").get(f"/analytics/csat/?{PERIOD}").content.decode()

    assert "Nobody answered a question of satisfaction in this period" in page


def test_the_page_shows_figure_target_categories_and_segments() -> None:
    world.make_dimension("plan")
    campaign = world.satisfaction_campaign()
    world.give_satisfaction(campaign, *[5] * 18, 1, 2, plan="gold")
    world.give_satisfaction(campaign, 1, plan="few", score=2)
    make_target("csat", "0.5")
    viewer = client_as("viewer")

    page = viewer.get(f"/analytics/csat/?{PERIOD}").content.decode()

    assert write_percent(18 / 21) in page
    assert "18 of 21 answers were 4 or 5, from 21 customers" in page
    assert "Target met" in page
    assert page.count('<tr class="too-small">') == 2 + 1 + 2
    rows = viewer.get(f"/analytics/csat/?{PERIOD}&format=csv").content.decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(rows)))
    assert [each["plan"] for each in found] == ["", "few", "gold"]
    assert {each["metric"] for each in found} == {"csat"}
