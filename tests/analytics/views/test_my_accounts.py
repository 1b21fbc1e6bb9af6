"""“My accounts” is one press: the customers of whoever looks at the page, and no others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from analytics.counting.cells import folding
from analytics.domain.periods import Period
from analytics.queries.filters import Compare, Filters
from analytics.reports.answers.intents import intent_report
from analytics.reports.answers.segments import segment_report
from surveys.models import Intent, Invitation
from tests.analytics import world
from tests.staffing import logged_in, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PERIOD = "from=2026-04-01&to=2026-06-30"
QUARTER = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


@pytest.fixture
def mine(db: None) -> Client:
    """The owner is an attribute, too, so that a filter by segment must find the same."""
    world.make_dimension("plan")
    world.make_dimension("owner")
    campaign = world.satisfaction_campaign()
    for owner, email in (("me", "Me@koe.example"), ("other", "other@koe.example")):
        for place in range(12):
            customer = world.make_customer(
                owner=owner,
                owner_email=email,
                plan="gold" if place % 2 else "tin",
                started_on=dt.date(2025, 1, 1),
                churned_on=dt.date(2026, 5, 5) if place < (2 if owner == "me" else 5) else None,
                mrr={"2026-03": 100, "2026-06": 90 if owner == "me" else 10},
            )
            invitation = world.ask(world.make_respondent(customer), campaign)
            if place < 11:
                score = 10 if owner == "me" else 2
                world.answer(invitation, score, extra={"support": 5 if owner == "me" else 1})
    world.give_scores_apart(campaign, 0)
    folding.fold_all()
    folding.close_invitations(now=dt.datetime(2026, 8, 1, tzinfo=dt.UTC))
    return logged_in(make_staff("cs", "me@koe.example"))


def shown(client: Client, page: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/analytics/{page}&{PERIOD}&format=json").json()
    return found


@pytest.mark.parametrize(
    "page",
    ["segments/?by=plan", "segments/?by=plan&as_of=now", "trend/?step=month", "csat/?by=plan"],
)
def test_it_counts_what_the_same_customers_make_as_a_segment(mine: Client, page: str) -> None:
    found = shown(mine, f"{page}&mine=1")

    assert found == shown(mine, f"{page}&where=owner%3Dme")
    assert found != shown(mine, page)


def test_figures_are_those_of_my_customers(mine: Client) -> None:
    total = shown(mine, "segments/?by=plan&mine=1")["total"]

    assert (total["invited"], total["responses"], total["nps"]) == (12, 11, 100)
    assert (total["customers_at_start"], total["customers_churned"]) == (12, 2)
    assert (total["mrr_start"], total["csat"]) == (1200, 1)


def test_who_has_no_customers_sees_none_and_not_all(mine: Client) -> None:
    nobody = logged_in(make_staff("cs", "new@koe.example"))

    total = shown(nobody, "segments/?by=plan&mine=1")["total"]

    assert (total["invited"], total["responses"], total["customers_at_start"]) == (0, 0, 0)


def test_nobody_looks_at_the_accounts_of_another_by_an_address(mine: Client) -> None:
    """What is pressed says yes or no: whose they are is said by who has logged in."""
    address = f"/analytics/segments/?{PERIOD}&mine=other%40koe.example"

    assert mine.get(address).status_code == 422


def test_scores_that_were_not_sent_are_those_of_my_customers(mine: Client) -> None:
    for invitation in Invitation.objects.filter(response=None):
        Intent.objects.create(invitation=invitation, score=9, at="2026-04-12T09:00+00:00")
    filters = Filters(QUARTER, compare=Compare.PREVIOUS)
    own = Filters(QUARTER, owner="me@koe.example")

    assert intent_report(filters, total=segment_report(filters).total).intents == 2
    assert intent_report(own, total=segment_report(own).total).intents == 1


SINCE = "from=2026-04-01&to=2026-12-31"


def groups(client: Client, query: str) -> dict[str, tuple[int, int]]:
    rows = client.get(f"/analytics/outcomes/?horizon=90&{query}&format=json").json()["rows"]
    return {row["group"]: (row["customers"], row["churned"]) for row in rows}


def test_outcomes_follow_my_customers_alone(mine: Client) -> None:
    """Asked on April 10; who left on May 5 was gone by the landmark of May 10."""
    own, all_ = groups(mine, f"mine=1&{SINCE}"), groups(mine, SINCE)

    assert own["promoter"] == all_["promoter"] == (9, 0)
    assert (own["detractor"], own["no_answer"]) == ((0, 0), (1, 0))
    assert all_["detractor"][0] > 0


def test_retention_is_that_of_my_customers(mine: Client) -> None:
    query = "from=2025-01-01&to=2026-06-30&format=json"
    own = mine.get(f"/analytics/retention/?{query}&mine=1").json()
    all_ = mine.get(f"/analytics/retention/?{query}").json()

    assert [each["size"] for each in own["customers"]["cohorts"]] == [12.0]
    assert own["customers"]["cohorts"][0]["shares"][-1] == pytest.approx(10 / 12)
    assert [each["size"] for each in all_["customers"]["cohorts"]] == [24.0]
    assert own["revenue"]["cohorts"][0]["size"] == 1200.0
    assert (own["months"][-1]["end"], all_["months"][-1]["end"]) == (1080.0, 1200.0)


PAGES = ["segments", "trend", "csat", "outcomes", "retention"]


@pytest.mark.parametrize("page", PAGES)
def test_one_press_and_it_goes_along_to_every_page_and_file(mine: Client, page: str) -> None:
    html = mine.get(f"/analytics/{page}/?{PERIOD}&mine=1&campaign=").content.decode()

    assert 'name="mine" value="1"' in html
    kept = "mine=1&amp;from=2026-04-01&amp;to=2026-06-30"
    for other in PAGES:
        assert f'href="/analytics/{other}/?{kept}"' in html
    for kind in ("csv", "xlsx", "json"):
        assert f"mine=1&amp;campaign=&amp;format={kind}" in html


@pytest.mark.parametrize("page", PAGES)
def test_who_has_no_customers_is_told_so(mine: Client, page: str) -> None:
    nobody = logged_in(make_staff("cs", "new@koe.example"))

    html = nobody.get(f"/analytics/{page}/?{PERIOD}&mine=1").content.decode()

    assert "No customer has new@koe.example as its owner’s e-mail." in html
    assert f'href="?{PERIOD.replace("&", "&amp;")}"' in html
    assert "data-table" not in html
    assert "data-table" in mine.get(f"/analytics/{page}/?{PERIOD}&mine=1").content.decode()
