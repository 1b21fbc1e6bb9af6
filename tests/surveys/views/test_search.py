from __future__ import annotations

import pytest
from django.test import Client

from surveys.views import search
from tests.staffing import client_as
from tests.surveys.helpers.answered import answer
from tests.world import NOW, make_campaign, make_customer, make_respondent

pytestmark = pytest.mark.django_db


def world() -> None:
    answer(2, "the kite is slow", name="Kite Person", customer="Kite Co")
    make_campaign(name="Kite survey")


def test_everything_in_groups_each_leads_on() -> None:
    world()

    page = client_as("cs").get("/search/?q=KITE").content.decode()

    for text in ("Kite Co", "Kite Person", "Kite survey", "the <mark>kite</mark> is slow"):
        assert text in page
    assert 'href="/responses/?text=KITE&amp;mine="' in page


def test_a_viewer_finds_answers_alone_and_no_address() -> None:
    world()
    respondent = make_respondent(name="", email="kite@example.com")
    nameless = answer(3, "another kite", name="X", customer="Else")
    nameless.invitation.respondent = respondent
    nameless.invitation.save()

    client = client_as("viewer")
    page = client.get("/search/?q=kite").content.decode()

    assert "the <mark>kite</mark> is slow" in page
    assert "another <mark>kite</mark>" in page
    assert "kite@example.com" not in page
    for path in ("/responses/", f"/responses/{nameless.pk}/"):
        assert "kite@example.com" not in client.get(path).content.decode()
    for path in ("/customers/", "/respondents/", "/campaigns/"):
        assert f'href="{path}' not in page


def test_while_one_types_there_are_only_the_groups() -> None:
    world()

    part = client_as("cs").get("/search/?q=kite", headers={"hx-request": "true"})

    assert "<html" not in part.content.decode()
    assert "Kite survey" in part.content.decode()


def test_more_than_fit_are_counted_as_their_list_counts_them() -> None:
    for number in range(search.SHOWN + 1):
        make_customer(name=f"Kite {number}")
    client = client_as("cs")

    assert "All 11 in the list" in client.get("/search/?q=kite").content.decode()
    assert client.get("/customers/?q=kite&mine=").context["page_obj"].paginator.count == 11


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "Customers, respondents, campaigns"),
        ("q=a", "Type at least two letters."),
        ("q=zzz", "Nothing is called “zzz”"),
        ("q=%3Cb%3E", "Nothing is called “&lt;b&gt;”"),
        ("q=" + "x" * 500, "at most 100 characters"),
    ],
)
def test_nothing_to_find_says_why(query: str, text: str) -> None:
    assert text in client_as("cs").get(f"/search/?{query}").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_search_costs_the_same_for_one_and_for_many(rows: int, django_assert_num_queries) -> None:
    for number in range(rows):
        answer(2, "kite", name=f"Kite {number}", customer="Kite", at=NOW)
        make_campaign(name="Kite")
    client = client_as("cs")

    with django_assert_num_queries(8):
        client.get("/search/?q=kite")


def test_the_box_stands_on_the_pages_of_staff_and_not_before_the_log_in(client: Client) -> None:
    assert 'id="search-box"' in client_as("viewer").get("/goals/").content.decode()
    assert 'id="search-box"' not in client.get("/accounts/login/").content.decode()
