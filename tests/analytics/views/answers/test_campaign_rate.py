from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db
LAUNCHED = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


def ten_customers(state: str = "running") -> str:
    """Each of five respondents, who answer all or not at all; one e-mail in the last days."""
    campaign = world.make_campaign(state=state, launched_at=LAUNCHED)
    for number in range(10):
        customer = world.make_customer()
        for _ in range(5):
            asked = world.ask(world.make_respondent(customer), campaign)
            if number % 2:
                world.answer(asked, 9)
    world.ask(world.make_respondent(world.make_customer()), campaign, sent="2026-06-10T12:00+00:00")
    return campaign.slug


@time_machine.travel(dt.datetime(2026, 6, 20, tzinfo=dt.UTC), tick=False)
def test_the_interval_stands_on_the_customers_and_says_what_still_comes_in() -> None:
    slug = ten_customers()

    found = client_as("viewer").get(
        f"/analytics/campaign-rate/{slug}/", headers={"HX-Request": "true"}
    )

    low, high = found.context["low"], found.context["high"]
    assert found.context["asked"].rate == 25 / 51
    # Fifty independent ones would give 0.36 to 0.62.
    assert high - low > 0.5
    text = found.content.decode()
    assert "It stands on the 11 customers that were asked" in text
    assert "1 e-mail was sent in the last 30 days" in text
    assert "<html" not in text


def test_the_campaign_page_asks_for_it_and_an_imported_one_does_not() -> None:
    link = "/analytics/campaign-rate/"
    viewer = client_as("cs")

    assert link in viewer.get(f"/campaigns/{ten_customers()}/").content.decode()
    assert link not in viewer.get(f"/campaigns/{ten_customers('imported')}/").content.decode()


def test_of_an_imported_campaign_nothing_is_known() -> None:
    slug = ten_customers("imported")

    found = client_as("viewer").get(f"/analytics/campaign-rate/{slug}/")

    assert (found.context["asked"].rate, found.context["low"]) == (None, None)
    assert "Not known" in found.content.decode()
