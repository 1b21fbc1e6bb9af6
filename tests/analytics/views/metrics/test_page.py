from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from tests.analytics import world
from tests.analytics.metrics import happened, told
from tests.staffing import client_as

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a href="(/customers/[^"]+)">(\d+)</a>')
PERIOD = "from=2026-04-01&to=2026-06-30"


@pytest.fixture
def customers() -> list[Any]:
    """Twelve; five tickets were resolved in time, two of them of one customer, and one was not."""
    world.make_dimension("plan")
    found = [
        world.make_customer(
            started_on=dt.date(2025, 1, 1), plan="gold" if number < 4 else "free",
            churned_on=dt.date(2026, 5, 1) if number == 0 else None,
            mrr={"2026-03": 100, "2026-06": 90},
        )
        for number in range(12)
    ]  # fmt: skip
    for number, customer in enumerate([*found[:5], found[0]]):
        happened(customer, "ticket_opened", "2026-04-10", ref=f"T{number}")
        if number != 4:
            happened(customer, "ticket_resolved", "2026-04-20", ref=f"T{number}")
    # As if there had been tickets before.
    for kind in ("ticket_opened", "ticket_resolved"):
        happened(found[9], kind, "2025-02-01", ref="old")
    told("events:ticket_opened")
    told("events:ticket_resolved")
    return found


@pytest.fixture
def admin() -> Client:
    return client_as("admin")


def page_of(client: Client, key: str, query: str = "") -> str:
    return client.get(f"/analytics/metrics/{key}/?{PERIOD}{query}").content.decode()


def listed(client: Client, url: str) -> int:
    found: int = client.get(url).context["page_obj"].paginator.count
    return found


def behind(page: str) -> dict[str, tuple[int, str]]:
    """By the label of a list how many it has, and its address."""
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>: ([\d,]+)', page)
    return {label: (int(number), url.replace("&amp;", "&")) for url, label, number in found}


def test_a_metric_is_shown_by_segment_by_month_and_with_its_definition(
    customers: list[Any], admin: Client
) -> None:
    page = page_of(admin, "resolution_rate", query="&by=plan")

    assert "the share resolved within those 30 days" in page
    assert "5 of 6" in page
    assert page.index("free") < page.index("gold")
    assert "data-chart=" in page
    assert re.search(r"2026-05\s*</th><td>\s*<span class=.nps-figure.*?83.3", page, re.S)


def test_its_lists_have_as_many_customers_as_it_says(customers: list[Any], admin: Client) -> None:
    lists = behind(page_of(admin, "resolution_rate")) | behind(
        page_of(admin, "customer_churn_rate")
    )

    numbers = {label: number for label, (number, _url) in lists.items()}
    assert numbers == {
        "Customers in the denominator": 5,
        "Customers in the numerator": 4,
        "Customers outside the numerator": 1,
        "Customers that left": 1,
        "Customers at the start": 12,
    }
    for number, url in lists.values():
        assert listed(admin, url) == number


def test_every_number_of_its_table_opens_its_rows(customers: list[Any], admin: Client) -> None:
    page = page_of(admin, "customer_churn_rate", query="&by=plan")
    rows = re.findall(r"<tr[^>]*><th scope=.row.>(.*?)</tr>", page, re.S)
    found = {row.split("<")[0].strip(): LINK.findall(row) for row in rows}

    counted = {name: [int(number) for _url, number in links] for name, links in found.items()}
    assert (counted["All"], counted["free"], counted["gold"]) == ([1, 12], [8], [1, 4])
    assert (counted["2026-05"], counted["2026-06"]) == ([1, 12], [11])
    for url, number in [*found["gold"], *found["2026-05"]]:
        assert listed(admin, url.replace("&amp;", "&")) == int(number)
    # Six tickets are of five customers.
    assert not LINK.findall(page_of(admin, "resolution_rate").split("Behind it")[0])


def test_answers_and_invitations_are_lists_of_their_own(
    customers: list[Any], admin: Client
) -> None:
    world.give_scores(customers[1], world.make_campaign(), 10, 9, 0)

    lists = behind(page_of(admin, "nps")) | behind(page_of(admin, "response_rate"))

    assert {label: number for label, (number, _url) in lists.items()} == {
        "Answers": 3, "Promoters": 2, "Detractors": 1,
        "Invitations": 3, "Answered invitations": 3,
    }  # fmt: skip


def test_a_viewer_sees_no_lists_of_people(customers: list[Any]) -> None:
    assert behind(page_of(client_as("viewer"), "resolution_rate")) == {}


def test_an_unknown_metric_is_not_found() -> None:
    assert client_as("viewer").get("/analytics/metrics/luck/").status_code == 404


def test_its_files_are_its_rows_alone_and_its_months(customers: list[Any]) -> None:
    viewer = client_as("viewer")
    address = f"/analytics/metrics/resolution_rate/?{PERIOD}&by=plan"

    rows = viewer.get(f"{address}&format=json").json()["rows"]
    picture = viewer.get(f"{address}&format=svg&chart=course")

    assert {each["metric"] for each in rows} == {"resolution_rate"}
    assert [each["segment"] for each in rows] == [{}, {"plan": "free"}, {"plan": "gold"}]
    assert "resolution_rate-metrics-2026-04-01-2026-06-30" in picture.headers["Content-Disposition"]
    assert "Resolution rate by month" in picture.content.decode()


def test_what_the_organisation_chooses_leads_to_its_setting(
    customers: list[Any], admin: Client
) -> None:
    page = page_of(admin, "engagement_rate")

    assert "in the settings of metrics" in page
    assert '<a class="no-print" href="/settings/metrics/">' in page


def test_late_onboarding_and_csat_by_category_are_one_click_away(admin: Client) -> None:
    told("events:onboarding_completed")
    for name, started, after in (("usual", "2025-06-01", 10), ("late", "2026-04-01", 30)):
        customer = world.make_customer(name=name, started_on=started)
        done = dt.date.fromisoformat(started) + dt.timedelta(days=after)
        happened(customer, "onboarding_completed", f"{done}")

    lists = behind(page_of(admin, "onboarding_days"))
    number, url = lists["Customers whose onboarding takes longer than usual"]
    assert (number, lists["Customers that are done"][0]) == (1, 1)
    assert "late" in admin.get(url).content.decode()
    assert re.search(r'href="/analytics/csat/\?[^"]*from=2026-04-01', page_of(admin, "csat_mean"))
