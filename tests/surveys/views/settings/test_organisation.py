from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation
from surveys.views.settings import organisation
from tests.world import NOW, make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db
SAID = {
    "name": "青葉",
    "address": "Kyoto",
    "sender": "ask@aoba.example",
    "time_zone": "Asia/Tokyo",
    "language": "ja",
    "approval_above": "",
}


def test_the_set_up_asks_for_all_that_customers_see(staff: Callable[[str], Client]) -> None:
    client = staff("admin")
    page = client.get(reverse("surveys:organisation")).content.decode()
    # The demo's name is nobody's.
    assert 'name="name" value' not in page

    wrong = client.post(reverse("surveys:organisation"), {**SAID, "sender": "nobody", "name": ""})
    assert wrong.status_code == 422
    assert client.post(reverse("surveys:organisation"), SAID).status_code == 302
    row = Organisation.objects.get()
    assert (row.name, row.sender, row.time_zone, row.language) == (
        *("青葉", "ask@aoba.example", "Asia/Tokyo", "ja"),
    )


def test_what_the_environment_says_is_shown_and_cannot_be_changed(
    staff: Callable[[str], Client], settings: Any
) -> None:
    settings.GIVEN_BY_ENVIRONMENT = frozenset({"ORGANISATION_NAME"})
    settings.ORGANISATION_NAME = settings.WITHOUT_ORGANISATION["ORGANISATION_NAME"]
    client = staff("admin")
    page = client.get(reverse("surveys:organisation")).content.decode()
    assert "Set by the environment: ORGANISATION_NAME" in page

    client.post(reverse("surveys:organisation"), SAID)
    assert Organisation.objects.get().name == ""


def test_a_zone_by_which_days_were_counted_stays_and_says_why(
    staff: Callable[[str], Client],
) -> None:
    make_invitation(make_respondent(), sent_at=NOW)
    client = staff("admin")
    page = client.get(reverse("surveys:organisation")).content.decode()
    assert "its days were counted in this zone" in page

    client.post(reverse("surveys:organisation"), SAID)
    row = Organisation.objects.get()
    assert (row.name, row.time_zone) == ("青葉", "")


def test_a_further_domain_is_confirmed_checked_and_taken_back(
    staff: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organisation, "ask_dns", lambda: lambda name: [])
    client = staff("admin")
    wrong = client.post("/settings/organisation/confirm/", {"domain": "no domain"}, follow=True)
    assert "such as mail.example.com" in wrong.content.decode()
    told = client.post("/settings/organisation/confirm/", {"domain": " News.example. "})
    assert told.headers["Location"].endswith("#sender-news-example")

    campaign = make_campaign(state="draft", from_address="ask@news.example")
    path = f"/campaigns/{campaign.slug}/"
    assert "ask@news.example" in staff("cs").get(path).content.decode()
    kept = client.post("/settings/organisation/withdraw/", {"domain": "news.example"}, follow=True)
    assert "Campaigns are sent from it" in kept.content.decode()
    campaign.delete()
    gone = client.post("/settings/organisation/withdraw/", {"domain": "news.example"}, follow=True)
    assert 'id="sender-news-example"' not in gone.content.decode()
    refused = client.post("/settings/organisation/check/", {"domain": "news.example"})
    assert refused.status_code == 404


def test_a_word_that_is_no_domain_stays_where_it_was_typed_with_the_reason(
    staff: Callable[[str], Client],
) -> None:
    answer = staff("admin").post(reverse("surveys:sender-confirm"), {"domain": "our mail"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="our mail"' in page
    assert "Write a domain, such as mail.example.com." in page
    # What else the page offers still goes where it went.
    assert f'hx-post="{reverse("surveys:organisation")}"' in page
