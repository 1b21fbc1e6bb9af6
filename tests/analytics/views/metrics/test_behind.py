"""Every figure opens what stands behind it: the list has as many rows as the figure counts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from analytics.counting.cells import folding
from analytics.domain.metrics.catalogue import BY_KEY
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.metrics.report import metric_report
from analytics.views.metrics.behind import url_of
from surveys.models import Campaign
from tests.analytics import world
from tests.shared import shared_rows
from tests.staffing import client_as, logged_in, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SPRING = Period(dt.date(2026, 4, 1), dt.date(2026, 7, 1))
QUARTER = "preset=custom&from=2026-04-01&to=2026-06-30"
FILTERS = [
    *("", "&where=plan%3Dgold", "&mine=1"),
    *("&campaign=spring", "&where=role%3DBuyer", "&language=ja"),
]
HREF = re.compile(r'href="(/(?:responses|invitations|customers)/\?[^"]+)"')


@pytest.fixture(scope="module", autouse=True)
def _rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Answers of two campaigns and of history; a plan that changed since, and one not known."""
    with shared_rows(django_db_blocker):
        make_rows()
        yield


@pytest.fixture
def reader(db: None) -> Client:
    return logged_in(make_staff("cs", "me@koe.example"))


def make_rows() -> None:
    world.make_dimension("plan")
    world.make_dimension("role", source="respondent")
    world.make_dimension("language", source="respondent")
    launched = {"launched_at": "2026-04-10T00:00+00:00"}
    spring, other = (world.make_campaign(slug=each, **launched) for each in ("spring", "other"))
    imported = world.make_campaign(slug="history", state="imported")
    for place in range(24):
        plan = ("gold", "tin", "")[place % 3]
        customer = world.make_customer(
            plan=plan,
            owner_email="Me@koe.example" if place % 2 else "other@koe.example",
            started_on=dt.date(2025, 1, 1) if place % 5 else dt.date(2026, 5, 1),
            churned_on=dt.date(2026, 5, 20) if place % 4 == 1 else None,
            mrr={"2025-11": 10, "2026-03": 100 * (place % 6), "2026-06": 50 * (place % 4)},
        )
        for campaign, score in ((spring, place % 11), (other, 10 - place % 7)):
            respondent = world.make_respondent(
                customer, role=("Buyer", "")[place % 2], language=("ja", "en")[place % 2]
            )
            invitation = world.ask(respondent, campaign)
            if place % 4:
                comment = "" if place % 3 else "Thanks"
                world.answer(invitation, score, suspect=place == 7, comment=comment)
        world.answer(world.ask(world.make_respondent(customer), imported), 9)
        customer.attributes = {"plan": "gold"}
        customer.save()
    nothing_frozen = world.ask(world.make_respondent(customer), spring)
    world.answer(nothing_frozen, 3)
    nothing_frozen.profile = None
    nothing_frozen.save()
    folding.fold_all()


def listed(client: Client, url: str) -> int:
    page = client.get(unescape(url))
    assert page.status_code == 200, url
    shown = page.context["page_obj" if "page_obj" in page.context else "page"]
    found: int = shown.paginator.count
    return found


def named(url: str) -> str:
    """What a link says it opens: a category, a figure, or all of a list."""
    return next(filter(None, (find(url) for find in (_category, _figure, _list))))


def _category(url: str) -> str:
    return "".join(re.findall(r"category=(\w+)", url))


def _figure(url: str) -> str:
    return "".join(re.findall(r"figure=(\w+)", url))


def _list(url: str) -> str:
    return url.split("/")[1]


def of_total(client: Client, filters: str) -> dict[str, Any]:
    found = client.get(f"/analytics/segments/?by=plan&{QUARTER}{filters}&format=json").json()
    total: dict[str, Any] = found["total"]
    return total


def links(client: Client, address: str) -> list[str]:
    return list(dict.fromkeys(HREF.findall(client.get(address).content.decode())))


@pytest.mark.parametrize("filters", FILTERS)
def test_the_overviews_links_lead_to_as_many_as_it_counts(reader: Client, filters: str) -> None:
    total = of_total(reader, filters)
    found = links(reader, f"/analytics/?{QUARTER}{filters}")

    counts = {named(each): listed(reader, each) for each in found}
    assert counts["responses"] == total["responses"]
    assert counts["invitations"] == total["invited"]
    for name in ("promoter", "passive", "detractor"):
        assert counts.get(name, 0) == total[f"{name}s"]
    if "churned" in counts:
        assert counts["churned"] == total["customers_churned"]
    assert ("churned" in counts) == (filters in FILTERS[:3])


@pytest.mark.parametrize("filters", FILTERS)
def test_a_segments_links_lead_to_as_many_as_its_row_counts(reader: Client, filters: str) -> None:
    for by in ("plan", "role"):
        page = reader.get(f"/analytics/segments/?by={by}&{QUARTER}{filters}")
        report = page.context["report"]
        body = page.content.decode().split("<tbody>")[1].split("</tbody>")[0]
        lines = body.split("<tr")[1:]
        assert len(lines) == len(page.context["rows"]) + 1
        for row, line in zip((*page.context["rows"], report.total), lines, strict=True):
            expected = {
                "responses": row.responses,
                "invitations": row.invited,
                "promoter": row.promoters,
                "passive": row.passives,
                "detractor": row.detractors,
                "churned": row.customers_churned,
            }
            for url in HREF.findall(line):
                name = named(url)
                if name in expected:
                    assert listed(reader, url) == expected[name], url


COUNTING = (
    *("nps", "response_rate", "csat", "csat_mean", "feedback_rate", "comment_rate"),
    *("customer_churn_rate", "customer_retention_rate", "upsell_rate"),
)


@pytest.mark.parametrize("filters", [{}, {"campaign": "spring", "language": "ja"}])
def test_a_metrics_lists_have_as_many_rows_as_it_counts(
    reader: Client, filters: dict[str, Any]
) -> None:
    world.give_satisfaction(world.satisfaction_campaign(), 1, 4, 5, plan="gold")
    asked = Filters(SPRING, by=("plan",), **filters)
    rows = metric_report(asked, today=dt.date(2026, 12, 31), keys=COUNTING).rows
    chosen = [each for each in rows if each.segment in ({}, {"plan": "gold"})]

    assert len(chosen) == 2 * len(COUNTING)
    for row in chosen:
        whole, *part = BY_KEY[row.metric].behind[:2]
        assert listed(reader, url_of(whole, asked, row.segment)) == row.denominator, row
        if row.numerator and row.metric != "nps":
            assert listed(reader, url_of(part[0], asked, row.segment)) == row.numerator, row


def test_a_months_links_lead_to_as_many_as_its_row_counts(reader: Client) -> None:
    page = reader.get(f"/analytics/trend/?{QUARTER}")
    rows = page.context["lines"]
    body = page.content.decode().rsplit("<tbody>", 1)[1].split("</tbody>")[0]

    for line, text in zip(rows, body.split("<tr")[1:], strict=True):
        urls = HREF.findall(text)
        if line.row.responses:
            [answers] = [each for each in urls if "/responses/" in each and "category" not in each]
            assert listed(reader, answers) == line.row.responses
        [churned] = [each for each in urls if "figure=churned" in each]
        rate = line.row.customer_churn_rate
        at_start = listed(reader, churned.replace("figure=churned", "figure=at_start"))
        assert listed(reader, churned) == round(rate * at_start)


def test_lost_mrr_opens_those_who_pay_less(reader: Client) -> None:
    total = of_total(reader, "")
    [url] = [each for each in links(reader, f"/analytics/?{QUARTER}") if "mrr_lost" in each]
    page = reader.get(unescape(url))

    lost = sum(
        float(month - end)
        for month, end in (
            (each.revenue.get(month="2026-03-01").mrr, each.revenue.get(month="2026-06-01").mrr)
            for each in type(page.context["rows"][0].customer).objects.filter(
                pk__in=page.context["behind"].customers
            )
        )
    )
    assert lost == total["mrr_churned"] + total["mrr_contraction"] > 0


@pytest.mark.parametrize("filters", ["", "&mine=1"])
def test_the_outcomes_links_lead_to_the_customers_of_their_group(
    reader: Client, filters: str
) -> None:
    page = reader.get(f"/analytics/outcomes/?{QUARTER}{filters}&horizon=90")
    html = page.content.decode()

    for row, _label, _risk in page.context["rows"]:
        for what, number in (("asked", row.customers), ("left", row.churned)):
            [url] = [each for each in HREF.findall(html) if f"figure={what}%3A{row.group}&" in each]
            assert listed(reader, url) == number, (what, row.group)


def test_the_movements_lead_to_customers_that_make_them(reader: Client) -> None:
    page = reader.get(f"/analytics/retention/?{QUARTER}")
    html, moved = page.content.decode(), page.context["report"].movements

    for name in ("new", "expansion", "reactivated", "contraction", "churned"):
        [url, *_] = [each for each in HREF.findall(html) if f"figure=moved_{name}&" in each]
        assert (listed(reader, url) > 0) == (getattr(moved, name) > 0), name
    for row, size, *_rest in page.context["cohorts"][0]["rows"]:
        [url] = [
            each
            for each in HREF.findall(html)
            if f"figure=started&amp;from={row['cohort']}-01" in each
        ]
        assert listed(reader, url) == size == row["size"]
    for row, size, *_rest in page.context["cohorts"][1]["rows"]:
        [url] = [
            each
            for each in HREF.findall(html)
            if f"figure=first_paid&amp;from={row['cohort']}-01" in each
        ]
        assert listed(reader, url) == size > 0


SATISFACTION = re.compile(
    r'<a href="(/responses/[^"]+satisfaction=\w+)">([\d,]+)(?: of (\d+) answers|<)'
)


def test_csats_counts_lead_to_as_many_answers(reader: Client) -> None:
    for slug, key in (("asks", "support"), ("asks-too", "in")):
        campaign = world.satisfaction_campaign(key, slug=slug, launched_at="2026-04-10T00:00+00:00")
        for plan, owner in (("gold", "me@koe.example"), ("", "")):
            fields = {"plan": plan, "owner_email": owner, "key": key}
            world.give_satisfaction(campaign, 1, 5, "5", None, **fields)
            late = {"score": 2, "at": "2026-05-02T12:00+00:00"}
            world.give_satisfaction(campaign, 3, 4, **late, **fields)

    for filters in ("", "&mine=1&campaign=asks&where=plan%3Dgold"):
        html = reader.get(f"/analytics/csat/?{QUARTER}&by=plan{filters}").content.decode()
        found = SATISFACTION.findall(html)
        # Two counts of two categories, two months and a plan at least, and the figure itself.
        assert len(found) > 2 * 4
        for url, shown, whole in found:
            assert listed(reader, url) == int(whole or shown), url


def test_an_address_that_names_no_figure_shows_no_customers(reader: Client) -> None:
    for query in (
        "figure=gone&from=2026-04-01&to=2026-06-30",
        "figure=churned",
        "figure=churned&from=x&to=y",
    ):
        assert reader.get(f"/customers/?{query}").status_code == 404


def test_who_sees_no_people_is_led_to_answers_only(reader: Client) -> None:
    found = links(client_as("viewer"), f"/analytics/?{QUARTER}")

    assert {each.split("/")[1] for each in found} == {"responses"}


def test_the_figure_stays_while_its_customers_are_sorted_and_searched(reader: Client) -> None:
    page = reader.get("/customers/?figure=churned&from=2026-04-01&to=2026-06-30&where=plan%3Dgold")
    html = page.content.decode()

    for name, value in (("figure", "churned"), ("from", "2026-04-01"), ("where", "plan=gold")):
        assert re.search(rf'<input type="hidden" name="{name}" value="{value}"', html)
    assert "Customers that left · Plan = gold · 1 Apr 2026 to 30 Jun 2026" in html
    assert Campaign.objects.count() == 3
