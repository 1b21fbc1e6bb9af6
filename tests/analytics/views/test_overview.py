"""The overview: targets with their verdicts, findings with their tests, and how old it may be."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.domain.targets import Metric
from accounts.models import Target
from analytics.reports.findings import Finding, FindingKind
from analytics.reports.overview import overview_report
from analytics.reports.sentences import sentence
from analytics.views.report_cache import FRESH_SECONDS, LONGEST_COMPUTING, OLDEST_SECONDS, cached
from surveys.models import Intent, Response
from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 12, 31)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def lately(*scores: int, **fields: Any) -> None:
    moment = (timezone.now() - dt.timedelta(days=40)).isoformat()
    world.give_scores(
        world.make_customer(**fields), world.make_campaign(), *scores, sent=moment, at=moment
    )


def verdicts(page: str) -> list[str]:
    found = re.findall(r'<div class="stat-state verdict verdict-(\w+)">(.*?)</div>', page, re.S)
    return [f"{name}: {re.sub('<[^>]+>', '', words).strip()}" for name, words in found]


@pytest.fixture
def viewer() -> Client:
    return client_as("viewer")


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
    Target.objects.create(metric="nps", value=Decimal(target))

    page = viewer.get("/analytics/").content.decode()

    assert verdicts(page) == [words]
    assert f"Target: at least +{target}" in page


def test_few_answers_never_meet_a_target(viewer: Client) -> None:
    lately(*[10] * 9)
    Target.objects.create(metric="nps", value=-100)

    assert verdicts(viewer.get("/analytics/").content.decode()) == [
        "cannot_tell: Too early to tell"
    ]


def test_churn_is_met_from_below(viewer: Client) -> None:
    gone = timezone.localdate() - dt.timedelta(days=20)
    for place in range(40):
        world.make_customer(started_on=dt.date(2020, 1, 1), churned_on=gone if place < 8 else None)
    target = Target.objects.create(metric="customer_churn_rate", value=Decimal("0.4"))

    met = verdicts(viewer.get("/analytics/").content.decode())
    Target.objects.filter(pk=target.pk).update(value=Decimal("0.05"))
    missed = verdicts(viewer.get("/analytics/").content.decode())

    assert (met, missed) == (["met: Target met"], ["not_met: Target not met"])


def test_only_who_may_set_targets_is_led_to_them(viewer: Client) -> None:
    assert b"/settings/targets/" not in viewer.get("/analytics/").content
    assert b"/settings/targets/" in client_as("admin").get("/analytics/").content


def of_last_year(*scores: int, years: int = 0, **fields: Any) -> None:
    moment = f"{2026 - years}-05-01T12:00+00:00"
    world.give_scores(
        world.make_customer(**fields), world.make_campaign(), *scores, sent=moment, at=moment
    )


def kinds(today: dt.date = TODAY) -> list[FindingKind]:
    return [each.kind for each in overview_report(today=today).findings]


def test_more_lost_customers_are_a_finding_with_its_test() -> None:
    start = dt.date(2020, 1, 1)
    for place in range(60):
        year = 2025 if place < 4 else 2026
        gone = dt.date(year, 6, 1) if place < 24 else None
        world.make_customer(started_on=start, churned_on=gone)

    (finding,) = overview_report(today=TODAY).findings

    assert finding.kind is FindingKind.CHURN_ROSE
    assert finding.value == pytest.approx(20 / 56 - 4 / 60)
    assert 0 < finding.low < finding.value < finding.high
    assert finding.p_value < 0.001


def test_fewer_answers_to_the_mails_are_a_finding() -> None:
    campaign = world.make_campaign()
    for years, answered in ((1, 40), (0, 15)):
        of_last_year(*[8] * answered, years=years)
        for _ in range(60 - answered):
            sent = f"{2026 - years}-05-01T12:00+00:00"
            world.ask(world.make_respondent(world.make_customer()), campaign, sent=sent)

    assert kinds() == [FindingKind.NPS_STEADY, FindingKind.RESPONSE_RATE_FELL]


def test_everything_looked_at_is_corrected_together() -> None:
    """One segment of p 0.03 stands alone, and falls where nineteen others were looked at too."""
    world.make_dimension("plan", label="Plan")

    def segment(name: str, *, fell: bool) -> None:
        of_last_year(*[10] * 12, *[0] * 8, years=1, plan=name)
        of_last_year(*[10] * (5 if fell else 12), *[0] * (15 if fell else 8), plan=name)

    segment("falling", fell=True)
    alone = overview_report(today=TODAY).findings
    for number in range(19):
        segment(f"steady {number}", fell=False)
    together = overview_report(today=TODAY).findings

    assert FindingKind.SEGMENT_FELL in [each.kind for each in alone]
    assert [each.p_value < 0.05 for each in alone if each.subject] == [True]
    assert [each.subject for each in together if each.subject] == []


def test_two_dimensions_are_one_family() -> None:
    world.make_dimension("plan", label="Plan")
    world.make_dimension("size0", position=1)
    world.make_dimension("size1", position=1)
    of_last_year(*[10] * 12, *[0] * 8, years=1, plan="a", size0="b", size1="c")
    of_last_year(*[10] * 5, *[0] * 15, plan="a", size0="b", size1="c")

    found = overview_report(today=TODAY).findings

    assert [each.subject for each in found if each.subject] == ["Plan: a", "Size0: b", "Size1: c"]


def test_an_answer_shows_within_a_minute(viewer: Client, monkeypatch) -> None:
    clock = Clock()
    monkeypatch.setattr("analytics.views.overview.time.time", clock)
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


def test_the_file_has_the_figures_and_the_sentences_of_the_page(viewer: Client) -> None:
    lately(*[10] * 26, *[7] * 3, 0)
    before = (timezone.now() - dt.timedelta(days=400)).isoformat()
    campaign = world.make_campaign()
    world.give_scores(world.make_customer(), campaign, *[0] * 20, sent=before, at=before)
    Target.objects.create(metric="nps", value=50)

    page = viewer.get("/analytics/")
    shown = viewer.get("/analytics/?format=json").json()
    table = viewer.get("/analytics/?format=csv").content.decode("utf-8-sig").splitlines()
    book = CalamineWorkbook.from_filelike(io.BytesIO(viewer.get("/analytics/?format=xlsx").content))

    total = page.context["total"]
    assert list(shown) == ["period", "confidence", "figures", "findings", "trend"]
    assert shown["figures"][0] == {
        "figure": "nps", "value": total.nps, "low": total.nps_low, "high": total.nps_high,
        "target": 50.0, "verdict": "met",
    }  # fmt: skip
    assert [each["figure"] for each in shown["figures"]] == [
        "nps", "response_rate", "customer_churn_rate", "nrr", "grr",
    ]  # fmt: skip
    assert [each["sentence"] for each in shown["findings"]] == [
        text for text, _ in page.context["sentences"]
    ]
    assert shown["findings"][0]["p_value"] == total.change_p_value
    assert table[0] == "figure,value,low,high,target,verdict,p_value,sentence"
    assert table[1] == f"nps,{total.nps!r},{total.nps_low!r},{total.nps_high!r},50.0,met,,"
    assert table[6].startswith("nps_rose,")
    assert book.sheet_names == ["overview", "trend"]


def test_lines_of_revenue_end_with_the_last_month_end() -> None:
    mrr = {f"{2025 + index // 12}-{index % 12 + 1:02}": 100.0 - index for index in range(8, 22)}
    world.make_customer(started_on=dt.date(2024, 1, 1), mrr=mrr)

    report = overview_report(today=dt.date(2026, 11, 22))
    on_the_day = overview_report(today=dt.date(2026, 10, 31))

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


def test_a_sentence_never_ends_an_interval_with_a_false_0() -> None:
    finding = Finding(FindingKind.NPS_ROSE, "", 18.6, 0.3, 36.9, 0.047)

    assert "(95 % interval +0.3 to +36.9, p = 0.047)" in sentence(finding)


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


def test_while_one_computes_the_others_see_what_there_is() -> None:
    clock, calls = Clock(), []

    def compute() -> int:
        calls.append(clock.now)
        if len(calls) == 2:
            # Somebody else comes by while the second value is being made.
            assert cached("figures", compute, clock=clock) == 1
        return len(calls)

    assert cached("figures", compute, clock=clock) == 1
    clock.now += FRESH_SECONDS + 1
    assert cached("figures", compute, clock=clock) == 2
    assert len(calls) == 2


def test_what_is_too_old_is_shown_to_nobody() -> None:
    clock = Clock()
    cached("figures", lambda: "old", clock=clock)
    clock.now += OLDEST_SECONDS + 1
    cache.add("figures:computing", 1, LONGEST_COMPUTING)

    assert cached("figures", lambda: "new", clock=clock) == "new"


def test_a_clock_that_was_set_back_does_not_hold_the_figures() -> None:
    clock = Clock()
    cached("figures", lambda: "old", clock=clock)
    clock.now -= 3_600

    assert cached("figures", lambda: "new", clock=clock) == "new"
