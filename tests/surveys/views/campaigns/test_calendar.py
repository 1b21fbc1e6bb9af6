from __future__ import annotations

import pytest

from accounts.models import Customer
from surveys.domain.states import CampaignState
from tests.world import make_campaign, make_respondent

pytestmark = pytest.mark.django_db


def test_the_calendar_tells_of_those_under_way_and_a_drafts_page_of_it_too(staff) -> None:
    make_respondent()
    client = staff("cs")
    assert "Nothing is planned" in client.get("/campaigns/calendar/").content.decode()
    rule = {"repeat": "every", "every_months": 6}
    draft = make_campaign(**rule, state=CampaignState.DRAFT, starts_at=None, name="A draft")

    year = client.get(f"/campaigns/{draft.slug}/year/").content.decode()
    running = make_campaign(**rule, name="Twice a year")
    calendar = client.get("/campaigns/calendar/").content.decode()

    assert "A draft" in year
    assert "Twice a year" in calendar
    assert "A draft" not in calendar
    assert f'href="/campaigns/{running.slug}/"' in calendar


def test_a_draft_whose_days_are_still_to_come_is_launched_without_a_warning(staff) -> None:
    make_respondent()
    draft = make_campaign(
        state=CampaignState.DRAFT, repeat="date", date_name="renews_on", starts_at=None
    )
    client = staff("cs")

    assert "Launch anyway" in client.get(f"/campaigns/{draft.slug}/").content.decode()
    Customer.objects.update(renews_on="2099-01-05")
    html = client.get(f"/campaigns/{draft.slug}/").content.decode()
    assert "Launch anyway" not in html
    assert "Their day is still to come" in html
    question = html.split('data-confirm="')[1].split('"')[0]
    assert "1 more on their day: 5 Jan 2099." in question
