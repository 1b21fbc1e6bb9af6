"""Outcomes from hand-made rows."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.reports.outcomes import outcome_report
from tests.analytics import world
from tests.analytics.world import followed

pytestmark = pytest.mark.django_db

APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
TODAY = dt.date(2026, 12, 31)


def test_outcomes_by_category_of_the_first_answer() -> None:
    followed(score=10, stays=35, leaves=5, mrr=10)
    followed(score=8, stays=12, leaves=1, mrr=20)
    followed(score=3, stays=15, leaves=15, mrr=30)
    followed(score=None, stays=10, leaves=10, mrr=40)

    report = outcome_report(APRIL_TO_JUNE, horizon_days=90, today=TODAY)
    shown = report.as_dict()

    assert list(shown) == [
        "horizon_days", "landmark_days", "rows", "log_rank_p_value", "survival",
        "log_rank_pairs",
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


def test_who_is_in_no_group_and_the_other_reference_are_told_where_there_are_any() -> None:
    followed(score=10, stays=40, leaves=4, mrr=10)
    followed(score=8, stays=12, leaves=6, mrr=20)
    followed(score=3, stays=15, leaves=15, mrr=30)
    campaign = world.make_campaign()
    leaver = world.make_customer(churned_on=dt.date(2026, 5, 10))
    world.give_scores(leaver, campaign, 0)

    report = outcome_report(APRIL_TO_JUNE, horizon_days=90, today=TODAY)
    shown = report.as_dict()

    assert shown["left_out"] == {"gone_by_landmark": 1, "landmark_to_come": 0}
    assert {row["group"]: row["relative_risk"] for row in shown["rows"]}["detractor"] is None
    assert shown["survival"]["promoter"] == []
    pairs = {(each["group"], each["against"]): each for each in shown["log_rank_pairs"]}
    assert pairs["promoter", "detractor"]["significant"]
    assert pairs["promoter", "detractor"]["p_value"] < pairs["promoter", "detractor"]["p_adjusted"]
    against = shown["against_others"]
    assert list(against) == ["passive", "detractor"]
    assert against["detractor"]["relative_risk"] == pytest.approx((15 / 30) / (10 / 62))
    assert against["detractor"]["rr_low"] < 3.1 < against["detractor"]["rr_high"]
    assert [table.name for table in report.tables()][-1] == "against_others"
    assert report.tables()[-1].rows[1] == ["detractor", *against["detractor"].values()]
