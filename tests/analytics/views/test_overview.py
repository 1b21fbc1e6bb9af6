"""The overview: targets with their verdicts, findings with their tests, and how old it may be."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.domain.targets import Metric
from analytics.reports.overview.figures import overview_report
from analytics.views.cached import FRESH_SECONDS, OLDEST_SECONDS
from analytics.views.overview import sparklines
from surveys.models import Intent, Response
from tests.actions.goals import make_target
from tests.analytics import world
from tests.staffing import client_as, logged_in, make_staff
from tests.world import Clock

pytestmark = pytest.mark.django_db


def lately(*scores: int, **fields: Any) -> None:
    moment = (timezone.now() - dt.timedelta(days=40)).isoformat()
    campaign = world.make_campaign()
    world.give_scores_apart(campaign, *scores, customer=fields, sent=moment, at=moment)


def verdicts(page: str) -> list[str]:
    found = re.findall(r'<div class="stat-state verdict verdict-(\w+)">(.*?)</div>', page, re.S)
    return [f"{name}: {re.sub('<[^>]+>', '', words).strip()}" for name, words in found]


def test_without_targets_there_is_no_verdict(viewer: Client) -> None:
    lately(*[10] * 30)

    assert verdicts(viewer.get("/analytics/").content.decode()) == []


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("50", "met: Target met"),
        ("80", "cannot_tell: Too early to tell"),
        ("99", "not_met: Target not met"),
    ],
)
def test_a_verdict_compares_the_target_with_the_interval(
    viewer: Client, target: str, words: str
) -> None:
    """NPS 83.3 from 30 answers: a target of 80 is passed by the figure, not by its interval."""
    lately(*[10] * 26, *[7] * 3, 0)
    make_target("nps", Decimal(target))

    page = viewer.get("/analytics/").content.decode()

    assert verdicts(page) == [words]
    assert f"Target: at least +{target}" in page


def test_no_part_of_the_customers_is_held_against_the_targets_of_all(viewer: Client) -> None:
    lately(*[10] * 12)
    world.give_satisfaction(world.satisfaction_campaign(), *[5] * 12)
    for metric in ("nps", "csat"):
        make_target(metric, Decimal("0.5"))

    for address in ("/analytics/?", "/analytics/csat/?from=2026-04-01&to=2026-06-30&"):
        whole, part = (
            viewer.get(address + query).content.decode() for query in ("", "language=en")
        )
        assert "Target met" in whole
        assert "The targets are those of all customers" not in whole
        assert "Target met" not in part
        assert "The targets are those of all customers" in part
    shown = viewer.get("/analytics/?language=en&format=json").json()["figures"][0]
    assert (shown["value"], shown["target"], shown["verdict"]) == (100.0, None, None)


def test_few_answers_never_meet_a_target(viewer: Client) -> None:
    lately(*[10] * 9)
    make_target("nps", -100)

    assert verdicts(viewer.get("/analytics/").content.decode()) == [
        "cannot_tell: Too early to tell"
    ]


def test_churn_is_met_from_below(viewer: Client) -> None:
    gone = timezone.localdate() - dt.timedelta(days=20)
    for place in range(40):
        world.make_customer(started_on=dt.date(2020, 1, 1), churned_on=gone if place < 8 else None)
    target = make_target("customer_churn_rate", Decimal("0.4"))

    met = verdicts(viewer.get("/analytics/").content.decode())
    target.target = 0.05
    target.save()
    missed = verdicts(viewer.get("/analytics/").content.decode())

    assert (met, missed) == (["met: Target met"], ["not_met: Target not met"])


def test_only_who_may_set_targets_is_led_to_them(viewer: Client) -> None:
    assert b"/settings/targets/" not in viewer.get("/analytics/").content
    assert b"/settings/targets/" in client_as("admin").get("/analytics/").content


def test_an_answer_shows_within_a_minute(viewer: Client, monkeypatch) -> None:
    clock = Clock()
    monkeypatch.setattr("analytics.views.cached.time.time", clock)
    lately(10)
    first = viewer.get("/analytics/").context["total"].responses
    lately(10)
    clock.now += FRESH_SECONDS - 1
    kept_one = viewer.get("/analytics/").context["total"].responses
    clock.now += 2
    shown = viewer.get("/analytics/").context["total"].responses

    assert (first, kept_one, shown) == (1, 1, 2)
    assert OLDEST_SECONDS < 60


def test_page_and_download_show_the_same_cached_report(viewer: Client) -> None:
    lately(10)
    page = viewer.get("/analytics/")
    lately(10)

    shown = viewer.get("/analytics/?format=json").json()
    assert shown["trend"] == page.context["report"].overview.trend.as_dict()
    assert shown["figures"][0]["value"] == page.context["total"].nps


def test_lines_of_revenue_end_with_the_last_month_end() -> None:
    mrr = {f"{2025 + index // 12}-{index % 12 + 1:02}": 100.0 - index for index in range(8, 22)}
    world.make_customer(started_on=dt.date(2024, 1, 1), mrr=mrr)

    report = overview_report(world.yearly(dt.date(2026, 11, 22)), today=dt.date(2026, 11, 22))
    on_the_day = overview_report(world.yearly(dt.date(2026, 10, 31)), today=dt.date(2026, 10, 31))

    course = {each.metric: each.course for each in report.figures}
    assert (course[Metric.NRR][-1], course[Metric.GRR][-1]) == (None, None)
    assert None not in (*course[Metric.NRR][:-1], *course[Metric.GRR][:-1])
    assert [f"{day:%Y-%m}" for day in report.revenue_months] == ["2025-10", "2026-10"]
    assert report.total.nrr == pytest.approx(79 / 91)
    assert None not in {each.metric: each.course for each in on_the_day.figures}[Metric.NRR]


def test_the_page_says_which_month_ends_its_revenue_compares(viewer: Client, monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: dt.date(2026, 11, 22))
    world.make_customer(started_on=dt.date(2024, 1, 1), mrr={"2025-10": 90, "2026-10": 80})

    page = viewer.get("/analytics/").content.decode()

    assert "month-ends October 2025 and October 2026" in page
    assert "the lines of NRR and GRR end before it" in page


def test_scores_nobody_confirmed_stand_beside_the_headline(viewer: Client) -> None:
    lately(*[10] * 12)
    assert "With intents:" not in viewer.get("/analytics/").content.decode()
    moment = timezone.now() - dt.timedelta(days=40)
    invitation = world.ask(
        world.make_respondent(world.make_customer()), world.make_campaign(), sent=moment.isoformat()
    )
    Intent.objects.create(invitation=invitation, score=0, at=moment)
    cache.clear()

    page = viewer.get("/analytics/").content.decode()

    assert "(12 answers, 1 score chosen but not sent)" in page
    assert ">+85</span>" in page


def test_an_erased_comment_is_gone_at_once(viewer: Client) -> None:
    invitation = world.ask(world.make_respondent(world.make_customer()), world.make_campaign())
    world.answer(invitation, 0, comment="My name is Bond")
    assert b"Bond" in viewer.get("/analytics/").content

    Response.objects.update(comment="")

    assert b"Bond" not in viewer.get("/analytics/").content


def test_a_new_segment_definition_shows_at_once(viewer: Client) -> None:
    of = viewer.get("/analytics/").context["report"]
    world.make_dimension("plan")

    assert viewer.get("/analytics/").context["report"] is not of


@pytest.mark.parametrize(
    ("values", "finished", "line", "dashed"),
    [
        ([0, 1, 2], [True] * 3, "0.0,25.0 60.0,14.0 120.0,3.0", ()),
        ([0, 1, 2], [True, True, False], "0.0,25.0 60.0,14.0", ("60.0,14.0 120.0,3.0",)),
        (
            [0, 1, 2], [False, True, False],
            "60.0,14.0", ("0.0,25.0 60.0,14.0", "60.0,14.0 120.0,3.0"),
        ),
        ([0, None, 2], [False, True, False], "", ("0.0,25.0 120.0,3.0",)),
        ([None, 1, None], [True] * 3, "", ()),
    ],
)  # fmt: skip
def test_the_small_line_is_dashed_to_months_that_are_not_whole(
    values: list[float | None], finished: list[bool], line: str, dashed: tuple[str, ...]
) -> None:
    assert sparklines(values, finished=finished) == (line, dashed)


QUARTER = "from=2026-04-01&to=2026-06-30"


@pytest.fixture
def two_owners(db: None) -> Client:
    """Gold customers of mine are content in spring's campaign; the others are not, in another."""
    world.make_dimension("plan", label="Plan")
    world.make_dimension("role", source="respondent")
    campaigns = [
        world.satisfaction_campaign(slug="spring", launched_at="2026-04-10T00:00+00:00"),
        world.satisfaction_campaign(slug="other", launched_at="2026-04-10T00:00+00:00"),
    ]
    for campaign, plan, owner, score, given in (
        (campaigns[0], "gold", "Me@koe.example", 10, 5),
        (campaigns[1], "tin", "other@koe.example", 2, 1),
    ):
        for place in range(12):
            customer = world.make_customer(
                plan=plan,
                owner_email=owner,
                started_on=dt.date(2025, 1, 1),
                churned_on=dt.date(2026, 5, 5) if place < (2 if plan == "gold" else 6) else None,
                mrr={"2026-03": 100, "2026-06": 90 if plan == "gold" else 10},
            )
            invitation = world.ask(world.make_respondent(customer, role="Buyer"), campaign)
            if place < 11:
                world.answer(invitation, score, comment=plan, extra={"support": given})
    return logged_in(make_staff("cs", "me@koe.example"))


def figures(client: Client, filters: str) -> dict[str, Any]:
    found = client.get(f"/analytics/?{filters}&format=json").json()
    return {each["figure"]: each["value"] for each in found["figures"]}


@pytest.mark.parametrize("filters", ["where=plan%3Dgold", "mine=1"])
def test_every_figure_is_of_what_the_filters_let_through(two_owners: Client, filters: str) -> None:
    found = figures(two_owners, f"{QUARTER}&{filters}")

    assert found == {
        "nps": 100,
        "response_rate": 11 / 12,
        "customer_churn_rate": 2 / 12,
        "nrr": 0.9,
        "grr": 0.9,
        "csat": 1,
    }
    page = two_owners.get(f"/analytics/?{QUARTER}&{filters}")
    assert list(page.context["comments"]) == []
    overview = page.context["report"].overview
    assert [row.nps for row in overview.trend.rows if row.responses] == [100]
    assert [each.value for each in overview.csat.trend if each.denominator] == [1]
    others = two_owners.get(f"/analytics/?{QUARTER}&where=plan%3Dtin")
    assert {each.comment for each in others.context["comments"]} == {"tin"}


@pytest.mark.parametrize("filters", ["campaign=spring", "where=role%3DBuyer", "language=en"])
def test_what_a_filter_cannot_split_is_unknown_and_not_that_of_all(
    two_owners: Client, filters: str
) -> None:
    page = two_owners.get(f"/analytics/?{QUARTER}&{filters}")
    unknown = dict.fromkeys(("customer_churn_rate", "nrr", "grr"))

    assert figures(two_owners, f"{QUARTER}&{filters}").items() >= unknown.items()
    rows = page.context["report"].overview.trend.rows
    assert [(row.customer_churn_rate, row.nrr) for row in rows] == [(None, None)] * 3
    assert "Customer churn, NRR and GRR are not known here" in page.content.decode()
    known = [each for each in page.context["report"].overview.figures if each.value is not None]
    assert {each.metric for each in known} == {Metric.NPS, Metric.RESPONSE_RATE, Metric.CSAT}


def test_the_campaigns_answers_are_counted_alone(two_owners: Client) -> None:
    spring, other = (
        figures(two_owners, f"{QUARTER}&campaign={each}") for each in ("spring", "other")
    )

    assert (spring["nps"], spring["csat"], other["nps"], other["csat"]) == (100, 1, -100, 0)


def test_a_period_of_ones_own_is_compared_with_the_one_before(two_owners: Client) -> None:
    page = two_owners.get("/analytics/?from=2026-05-01&to=2026-05-31")

    assert page.context["total"].nps is None
    assert "compared with 31 Mar 2026 to 30 Apr 2026" in page.content.decode()
    assert page.context["total"].nps_previous == 0


def test_links_and_files_keep_the_filters(two_owners: Client) -> None:
    page = two_owners.get("/analytics/?campaign=spring").content.decode()

    kept = "campaign=spring&amp;preset=last_12_months"
    assert f'href="/analytics/trend/?{kept}"' in page
    assert f'href="/analytics/csat/?{kept}"' in page
    assert 'href="?campaign=spring&amp;format=csv"' in page


def test_a_filter_that_names_nothing_is_told_and_shows_no_figures(two_owners: Client) -> None:
    page = two_owners.get("/analytics/?campaign=gone")

    assert page.status_code == 422
    assert "stat-value" not in page.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_answers(
    two_owners: Client, django_assert_max_num_queries
) -> None:
    def queries() -> int:
        cache.clear()
        with django_assert_max_num_queries(150) as found:
            two_owners.get(f"/analytics/?{QUARTER}&campaign=spring&mine=1")
        return len(found)

    queries()
    first = queries()
    world.give_scores_apart(world.make_campaign(), *[3] * 30, customer={"plan": "gold"})
    # A process reads the values of a new profile once.
    queries()

    assert queries() == first


def test_figures_on_too_little_are_grey(viewer: Client) -> None:
    # Of churn, too, ten customers are enough for a figure, as on the pages of metrics.
    lately(*[10] * 7, started_on=dt.date(2020, 1, 1))

    overview = viewer.get("/analytics/").context["report"].overview

    assert {each.metric for each in overview.figures if each.too_small} == {
        Metric.NPS, Metric.RESPONSE_RATE, Metric.CUSTOMER_CHURN_RATE,
    }  # fmt: skip
    page = viewer.get("/analytics/").content.decode()
    assert page.count("stat-value too-small") == 3
