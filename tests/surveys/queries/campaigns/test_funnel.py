from __future__ import annotations

import pytest

from surveys.models import Campaign, Response
from surveys.queries.campaigns.funnel import funnel
from surveys.queries.campaigns.listing import campaign_list
from tests.staffing import client_as
from tests.world import NOW, make_campaign, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def answered(**fields: str) -> Campaign:
    """Two were asked and one answered."""
    campaign = make_campaign(**fields)
    asked = [make_invitation(make_respondent(), campaign, state="sent") for _ in range(2)]
    Response.objects.create(invitation=asked[0], score=9, answered_at=NOW, changed_at=NOW)
    return campaign


def listed_rate(campaign: Campaign) -> float | None:
    rates = campaign_list().filter(pk=campaign.pk).values_list("response_rate", flat=True)
    return rates.get()


def test_the_rate_is_of_those_asked() -> None:
    campaign = answered()
    found = funnel(campaign)
    assert (found.asked, found.counts["answered"], found.response_rate) == (2, 1, 0.5)
    assert found.balances
    assert listed_rate(campaign) == 0.5


def test_of_an_imported_campaign_no_rate_is_known() -> None:
    campaign = answered(state="imported")
    assert funnel(campaign).response_rate is None
    assert listed_rate(campaign) is None

    page = client_as("admin").get(f"/campaigns/{campaign.slug}/").content.decode()
    assert "1 answer was imported." in page
    assert "people asked have answered" not in page
