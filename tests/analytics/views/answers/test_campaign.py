from __future__ import annotations

import datetime as dt
import html

import pytest
import time_machine

from accounts.models import Respondent
from surveys.models import Campaign
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
def test_the_part_says_who_answered_how_and_of_which_customers() -> None:
    slug = ten_customers()

    found = client_as("viewer").get(f"/analytics/campaigns/{slug}/", headers={"HX-Request": "true"})

    report = found.context["report"]
    assert report.asked.rate == 25 / 51
    # Fifty independent ones would give 0.36 to 0.62.
    assert found.context["rate"].high - found.context["rate"].low > 0.5
    assert (report.nps, report.limits is None) == (100, False)
    assert (report.heard.asked, report.heard.answered) == (11, 5)
    text = found.content.decode()
    assert "1 e-mail was sent in the last 30 days" in text
    assert 'id="campaign-words" hx-swap-oob="true"' in text
    assert "<html" not in text


def test_the_campaign_page_asks_for_it_as_soon_as_there_is_anything() -> None:
    cs = client_as("cs")
    link = "/analytics/campaigns/"

    assert link in cs.get(f"/campaigns/{ten_customers()}/").content.decode()
    nobody = world.make_campaign(state="running")
    assert link not in cs.get(f"/campaigns/{nobody.slug}/").content.decode()


def test_of_an_imported_campaign_the_answers_are_known_and_no_rate() -> None:
    slug = ten_customers("imported")

    html = client_as("viewer").get(f"/analytics/campaigns/{slug}/").content.decode()

    assert "+100" in html
    assert "51 asked" not in html
    assert "%" not in html.split("Customers heard")[0].split("<main")[1].split("NPS")[0]


@time_machine.travel(dt.datetime(2026, 6, 20, tzinfo=dt.UTC), tick=False)
def test_the_list_shows_of_each_campaign_what_its_own_page_does() -> None:
    """The second part has answers of nobody's customers, each of which stands for itself."""
    slugs = [ten_customers(), world.make_campaign().slug]
    other = Campaign.objects.get(slug=slugs[1])
    for score in (10, 9, 3):
        answered = world.answer(
            world.ask(world.make_respondent(world.make_customer()), other), score
        )
        Respondent.objects.filter(pk=answered.invitation.respondent_id).update(customer=None)
    cs = client_as("cs")
    page = cs.get("/campaigns/").content.decode()
    assert page.count('id="campaign-nps-') == 2
    address = html.unescape(page.partition('hx-get="/analytics/campaigns/')[2].partition('"')[0])

    found = cs.get(f"/analytics/campaigns/{address}&of=x&of=999")

    told = {pk: (value, limits) for pk, value, _sample, limits in found.context["rows"]}
    for slug in slugs:
        report = cs.get(f"/analytics/campaigns/{slug}/").context["report"]
        assert told[Campaign.objects.get(slug=slug).pk] == (report.nps, report.limits)
    assert found.content.decode().count("hx-swap-oob") == 2
