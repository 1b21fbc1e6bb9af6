from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Dimension, MonthlyRevenue
from surveys.forms.steps.audience import written
from surveys.models import Campaign
from surveys.queries.campaigns.planning import preview
from tests.surveys.helpers.editor import form_data
from tests.world import NOW, make_customer, make_respondent

pytestmark = pytest.mark.django_db


def test_people_are_chosen_by_numbers_and_dates_and_not_by_notes(
    staff: Callable[[str], Client],
) -> None:
    for number in range(15):
        customer = make_customer(
            attributes={"seats": str(number * 10), "note": f"said no. {number}"},
            started_on=dt.date(2025, 1, 1) + dt.timedelta(days=number),
        )
        make_respondent(customer=customer)
        MonthlyRevenue.objects.create(
            customer=customer, month=dt.date(2026, 10, 1), mrr=Decimal(number * 100)
        )
    for name in ("seats", "note"):
        Dimension.objects.create(name=name, attribute=name, source="customer")
    client = staff("cs")

    html = client.get("/campaigns/new/").content.decode()
    assert 'name="range-seats-from"' in html
    assert 'name="range-_mrr-to"' in html
    assert 'name="audience-seats"' not in html
    assert "note" not in html.split('class="choices"')[1].split("</section>")[0]

    wrong = form_data(**{"range-seats-from": "90", "range-seats-to": "50"})
    assert "This is below" in client.post("/campaigns/new/", wrong).content.decode()
    spans = {"range-seats-from": "50", "range-seats-to": "90", "range-_mrr-from": "600"}
    client.post("/campaigns/new/", form_data(**spans, **{"range-started_on-to": "2025-01-09"}))
    campaign = Campaign.objects.get()
    assert campaign.ranges == {
        "seats": {"from": "50", "to": "90"},
        "_mrr": {"from": "600"},
        "started_on": {"to": "2025-01-09"},
    }
    # 60, 70 and 80 seats.
    assert preview(campaign, now=NOW).audience == 3
    page = client.get(f"/campaigns/{campaign.slug}/").content.decode()
    assert "from 50 up to 90" in page
    # And again in the editor.
    page = client.get(f"/campaigns/{campaign.slug}/edit/").content.decode()
    assert 'name="range-seats-from" value="50"' in page


def test_a_number_is_kept_as_it_was_meant() -> None:
    assert [written(Decimal(each)) for each in ("1000", "0.50", "1E+3")] == ["1000", "0.5", "1000"]
    assert written(dt.date(2026, 1, 2)) == "2026-01-02"
    assert written(None) == ""
