"""Trend, outcomes and retention from hand-made rows."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics import cells
from analytics.domain.periods import Period
from analytics.filters import Filters
from analytics.reports import outcome_report, retention_report, trend_report
from analytics.reports.findings import FindingKind
from analytics.reports.languages import language_report
from analytics.reports.overview import latest_comments, overview_report
from analytics.reports.trend import Step
from tests.analytics import world

pytestmark = pytest.mark.django_db

APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
TODAY = dt.date(2026, 12, 31)


def test_trend_has_a_row_per_month_with_the_fields_of_the_contract() -> None:
    campaign = world.make_campaign()
    start = dt.date(2026, 1, 1)
    customer = world.make_customer(started_on=start, mrr={"2026-03": 100, "2026-04": 110})
    world.make_customer(
        started_on=start, churned_on=dt.date(2026, 4, 30), mrr={"2026-03": 100, "2026-04": 0}
    )
    world.give_scores(customer, campaign, 10, 9, 0, 7)
    world.ask(world.make_respondent(customer), campaign)
    cells.fold_all()

    shown = trend_report(Filters(APRIL_TO_JUNE), step=Step.MONTH).as_dict()

    assert [row["period"] for row in shown["rows"]] == ["2026-04", "2026-05", "2026-06"]
    april, may, _ = shown["rows"]
    assert list(april) == [
        "period", "responses", "promoters", "passives", "detractors", "nps", "nps_low", "nps_high",
        "response_rate", "customer_churn_rate", "nrr", "from", "to",
    ]  # fmt: skip
    assert (april["nps"], april["response_rate"]) == (25.0, 0.8)
    assert (april["customer_churn_rate"], april["nrr"]) == (0.5, 0.55)
    assert (may["responses"], may["nps"], may["nps_low"], may["response_rate"]) == (
        0, None, None, None,
    )  # fmt: skip
    # Revenue of May was not imported: its NRR is not known.
    assert (may["customer_churn_rate"], may["nrr"]) == (0.0, None)


def test_trend_by_quarter_and_segment_equals_the_segment_report() -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    world.give_scores(world.make_customer(plan="gold"), campaign, 10, 10, 0)
    world.give_scores(world.make_customer(plan="tin"), campaign, 0)

    (row,) = trend_report(Filters(APRIL_TO_JUNE, where={"plan": ["gold"]}), step=Step.QUARTER).rows

    assert (row.period, row.responses, row.nps) == ("2026-Q2", 3, 100 / 3)


def followed(*, score: int | None, stays: int, leaves: int, mrr: float) -> None:
    """Customers asked on April 10; those who leave do so 60 days after the landmark of May 10."""
    campaign = world.make_campaign()
    for place in range(stays + leaves):
        gone = dt.date(2026, 7, 9) if place < leaves else None
        customer = world.make_customer(churned_on=gone, mrr={"2026-11": 0 if gone else mrr})
        invitation = world.ask(world.make_respondent(customer), campaign)
        if score is not None:
            world.answer(invitation, score)


def test_outcomes_by_category_of_the_first_answer() -> None:
    followed(score=10, stays=35, leaves=5, mrr=10)
    followed(score=8, stays=12, leaves=1, mrr=20)
    followed(score=3, stays=15, leaves=15, mrr=30)
    followed(score=None, stays=10, leaves=10, mrr=40)

    report = outcome_report(APRIL_TO_JUNE, horizon_days=90, today=TODAY)
    shown = report.as_dict()

    assert list(shown) == [
        "horizon_days", "landmark_days", "rows", "log_rank_p_value", "survival",
    ]  # fmt: skip
    assert (shown["horizon_days"], shown["landmark_days"]) == (90, 30)
    assert list(shown["rows"][0]) == [
        "group", "customers", "churned", "churn_rate", "churn_low", "churn_high", "relative_risk",
        "rr_low", "rr_high", "mrr_at_risk",
    ]  # fmt: skip
    rows = {row["group"]: row for row in shown["rows"]}
    assert [row["customers"] for row in rows.values()] == [40, 13, 30, 20]
    assert [row["churned"] for row in rows.values()] == [5, 1, 15, 10]
    assert rows["promoter"]["churn_rate"] == pytest.approx(0.125)
    assert rows["passive"]["churn_rate"] is None
    assert rows["detractor"]["churn_rate"] == pytest.approx(0.5)
    assert rows["detractor"]["relative_risk"] == pytest.approx(4.0)
    assert [row["mrr_at_risk"] for row in rows.values()] == [350.0, 240.0, 450.0, 400.0]
    assert shown["log_rank_p_value"] < 0.001
    assert shown["survival"]["detractor"][0] == [0, 1.0, 1.0, 1.0, 30]
    assert shown["survival"]["detractor"][1][:2] == [60, pytest.approx(0.5)]
    assert sum(each.mrr for each in report.at_risk) == 450.0


def test_outcomes_start_at_the_landmark_of_the_first_invitation_in_the_window() -> None:
    campaign = world.make_campaign()
    leaver = world.make_customer(churned_on=dt.date(2026, 5, 10))
    world.give_scores(leaver, campaign, 0)
    late = world.make_customer()
    world.answer(world.ask(world.make_respondent(late), campaign), 0, at="2026-05-11T00:00+00:00")
    outside = world.make_customer()
    world.ask(world.make_respondent(outside), campaign, sent="2026-03-31T00:00+00:00")

    report = outcome_report(APRIL_TO_JUNE, horizon_days=90, today=TODAY)

    # Gone on the landmark: not in the study. Answered after it: no answer.
    assert {row.group: row.customers for row in report.rows} == {
        "promoter": 0, "passive": 0, "detractor": 0, "no_answer": 1,
    }  # fmt: skip


def test_imported_answers_without_a_date_of_asking_are_followed_from_the_answer() -> None:
    followed(score=None, stays=1, leaves=0, mrr=1)
    campaign = world.make_campaign(state="imported")
    world.give_scores(world.make_customer(), campaign, 2, sent=None)

    report = outcome_report(APRIL_TO_JUNE, horizon_days=90, today=TODAY)

    assert {row.group: row.customers for row in report.rows}["detractor"] == 1


def test_what_came_after_the_data_is_not_survival() -> None:
    followed(score=10, stays=12, leaves=0, mrr=1)

    report = outcome_report(APRIL_TO_JUNE, horizon_days=365, today=dt.date(2030, 1, 1))

    assert report.last_known == dt.date(2026, 11, 30)
    assert report.outcomes.row("promoter").withheld == "horizon_not_reached"


def test_retention_report_reconciles_and_cuts_cohorts_to_the_period() -> None:
    world.make_customer(started_on=dt.date(2026, 1, 5), mrr={"2026-01": 100, "2026-06": 100})
    world.make_customer(
        started_on=dt.date(2026, 4, 5),
        churned_on=dt.date(2026, 5, 20),
        mrr={"2026-04": 50},
    )
    world.make_customer(started_on=dt.date(2026, 4, 6), mrr={"2026-04": 50, "2026-06": 80})

    report = retention_report(APRIL_TO_JUNE, today=dt.date(2026, 6, 30))
    shown = report.as_dict()

    assert list(shown) == ["period", "customers", "revenue", "movements", "months"]
    assert shown["customers"]["cohorts"] == [
        {"cohort": "2026-04", "size": 2.0, "shares": [1.0, 0.5, 0.5]}
    ]
    assert shown["movements"] == {
        "start": 0.0, "new": 80.0, "expansion": 0.0, "reactivated": 100.0, "contraction": 0.0,
        "churned": 0.0, "end": 180.0,
    }  # fmt: skip
    assert [each["month"] for each in shown["months"]] == ["2026-04", "2026-05", "2026-06"]
    assert all(each.movements.reconciles for each in report.months)


def test_languages_are_weighted_by_who_was_asked() -> None:
    campaign = world.make_campaign()
    customer = world.make_customer()
    world.give_scores(customer, campaign, 10, language="en")
    world.give_scores(customer, campaign, 0, 10, 8, language="ja")
    for _ in range(4):
        world.ask(world.make_respondent(customer, language="ja"), campaign)

    report = language_report(Filters(APRIL_TO_JUNE))

    assert {row.language: (row.nps, row.share_asked) for row in report.rows} == {
        "ja": (0.0, 7 / 8),
        "en": (100.0, 1 / 8),
    }
    assert report.adjusted_nps == 12.5


def test_finding_appears_only_where_its_test_holds() -> None:
    campaign = world.make_campaign()
    world.make_dimension("plan", label="Plan")
    customer = world.make_customer(plan="gold")
    earlier = {"sent": "2025-05-01T12:00+00:00", "at": "2025-05-02T12:00+00:00"}
    world.give_scores(customer, campaign, *[8] * 12, **earlier)
    world.give_scores(customer, campaign, *[8] * 12)

    steady = overview_report(today=TODAY).findings
    world.give_scores(customer, campaign, *[0] * 40)
    fallen = overview_report(today=TODAY).findings

    assert [each.kind for each in steady] == [FindingKind.NPS_STEADY]
    assert [each.kind for each in fallen] == [FindingKind.NPS_FELL, FindingKind.SEGMENT_FELL]
    assert fallen[1].subject == "Plan: gold"


def test_finding_of_outcomes_stands_on_the_relative_risk() -> None:
    followed(score=10, stays=35, leaves=5, mrr=10)
    followed(score=3, stays=15, leaves=15, mrr=30)

    (finding,) = [
        each
        for each in overview_report(today=TODAY).findings
        if each.kind is FindingKind.GROUP_LEAVES_MORE
    ]

    assert (finding.subject, finding.low > 1) == ("detractor", True)
    assert finding.value == pytest.approx(4.0)


def test_comments_of_an_overview_are_the_latest_counted_detractors() -> None:
    campaign = world.make_campaign()
    customer = world.make_customer(name="Aoba")
    for score, comment, suspect in ((0, "slow", False), (9, "fine", False), (1, "bot", True)):
        invitation = world.ask(world.make_respondent(customer), campaign)
        world.answer(invitation, score, comment=comment, suspect=suspect)

    assert [each.comment for each in latest_comments()] == ["slow"]
