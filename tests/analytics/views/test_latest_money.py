from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import MonthlyRevenue
from analytics.views.latest_money import said_of_month
from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER = dt.date(2026, 9, 1), dt.date(2026, 10, 1)
CUT = "The revenue of October 2026 looks incomplete"
NO_RATE = "is left out of all amounts: no exchange rate is known"


@pytest.fixture
def slug() -> str:
    """Ten customers that were asked, of whom a file cut in half has five, one of them in USD."""
    campaign = world.make_campaign(state="running")
    for number in range(10):
        customer = world.make_customer()
        world.ask(world.make_respondent(customer), campaign)
        for month in (SEPTEMBER, OCTOBER)[: 1 if number % 2 else 2]:
            currency = "USD" if number == 0 else "JPY"
            MonthlyRevenue.objects.create(
                customer=customer, month=month, mrr=1000, currency=currency
            )
    return campaign.slug


def test_pages_with_amounts_of_the_latest_month_say_what_is_wrong_with_it(slug: str) -> None:
    client = client_as("cs")

    customers = client.get("/customers/").content.decode()
    campaign = client.get(f"/analytics/campaigns/{slug}/").content.decode()

    assert CUT in customers
    # There each amount stands as it is billed.
    assert NO_RATE not in customers
    assert CUT in campaign
    assert NO_RATE in campaign
    assert "¥4,000 MRR" in campaign


def test_a_month_that_is_whole_and_in_one_currency_has_nothing_to_be_said_of() -> None:
    MonthlyRevenue.objects.create(customer=world.make_customer(), month=OCTOBER, mrr=1)

    said = said_of_month(OCTOBER)

    assert (said["money"].left_out, said["incomplete"]) == ((), "")
    assert said_of_month(None)["incomplete"] == ""
