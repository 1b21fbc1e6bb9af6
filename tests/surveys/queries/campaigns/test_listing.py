from __future__ import annotations

import pytest

from accounts.models import Dimension
from surveys.models import Campaign
from surveys.queries.campaigns import listing as queries
from tests.world import (
    DAY,
    NOW,
    make_campaign,
    make_customer,
    make_invitation,
    make_respondent,
)

pytestmark = pytest.mark.django_db


def test_a_list_of_values_that_is_cut_short_says_so(staff, monkeypatch) -> None:
    Dimension.objects.create(name="contract", attribute="contract", source="customer")
    for value in ("basic", "plus", "team"):
        make_customer(attributes={"contract": value})
    client = staff("cs")
    assert "Only the first" not in client.get("/campaigns/new/").content.decode()

    monkeypatch.setattr(queries, "MAX_CHOICES", 2)

    for path in ("/campaigns/new/", "/responses/"):
        html = client.get(path).content.decode()
        assert "Only the first 2 values are listed." in html
        assert 'value="plus"' in html
        assert 'value="team"' not in html


def test_list_costs_the_same_queries_for_one_and_three(staff, django_assert_num_queries) -> None:
    client = staff("cs")
    make_invitation(make_respondent())
    client.get("/campaigns/")
    with django_assert_num_queries(9):
        client.get("/campaigns/")
    make_invitation(make_respondent())
    make_invitation(make_respondent())
    with django_assert_num_queries(9):
        client.get("/campaigns/")


def test_campaigns_are_found_by_words_and_state_in_any_order_what_is_not_known_last() -> None:
    spring = make_campaign(name="Spring ＮＰＳ", state="draft", starts_at=None)
    autumn = make_campaign(name="Autumn NPS", state="running", starts_at=NOW)
    other = make_campaign(name="Onboarding", state="running", starts_at=NOW - DAY)
    make_invitation(make_respondent(), autumn, state="sent")

    def found(text: str = "", state: str = "", sort: str = "") -> list[Campaign]:
        return list(queries.campaigns_found(text=text, state=state, sort=sort))

    assert found() == found(sort="nonsense") == [other, autumn, spring]
    assert found("nps") == [autumn]
    assert found("ｎｐｓ autumn") == [autumn]
    assert found(state="running") == [other, autumn]
    assert found(sort="starts") == [other, autumn, spring]
    assert found(sort="-starts") == [autumn, other, spring]
    assert found(sort="-asked") == [autumn, other, spring]
    assert found(sort="name") == [autumn, other, spring]


def test_the_list_says_when_no_campaign_matches_and_keeps_what_was_searched_for(staff) -> None:
    make_campaign(name="Autumn")

    html = staff("cs").get("/campaigns/?q=spring&state=draft&sort=-asked").content.decode()

    assert "No campaign matches" in html
    assert 'value="spring"' in html
    assert 'name="sort" value="-asked"' in html
    assert '<span id="filter-count">(1)</span>' in html
