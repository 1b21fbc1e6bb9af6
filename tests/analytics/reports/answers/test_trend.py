"""The rolling trend, from the report to the page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from analytics.counting.cells import folding
from analytics.counting.customers import ChosenCustomers
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.answers.segments import segment_report
from analytics.reports.answers.trend import Step, trend_report
from tests.analytics import world

pytestmark = pytest.mark.django_db

SPRING = Period.from_inclusive(dt.date(2026, 4, 10), dt.date(2026, 6, 20))
APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def test_a_window_is_three_whole_months_although_the_period_begins_later() -> None:
    for month, scores in ((1, [0]), (2, [0, 0]), (3, [10]), (4, [10, 10]), (6, [0])):
        world.answers_in(month, *scores)
    folding.fold_all()

    report = trend_report(Filters(SPRING), step=Step.ROLLING_3)

    assert [(row.period, row.responses, row.nps) for row in report.rows] == [
        ("2026-04", 5, 20.0),
        ("2026-05", 3, 100.0),
        ("2026-06", 3, 100 / 3),
    ]
    assert report.periods[0] == Period(dt.date(2026, 2, 1), dt.date(2026, 5, 1))
    assert report.periods[-1] == Period(dt.date(2026, 4, 1), SPRING.end)
    assert [each.start.month for each in report.ends] == [4, 5, 6]


@pytest.mark.parametrize("step", [Step.ROLLING_3, Step.ROLLING_12])
def test_a_window_says_what_a_report_over_its_days_says(step: Step) -> None:
    """Also where months are open and invitations must be counted one by one."""
    campaign = world.make_campaign()
    start = dt.date(2025, 1, 1)
    paid = {f"2025-{month:02}": 100 for month in range(1, 13)} | {"2026-04": 50}
    world.make_customer(started_on=start, churned_on=dt.date(2026, 5, 5), mrr=paid)
    customer = world.make_customer(started_on=start, mrr=paid)
    for month in range(1, 7):
        world.answers_in(month, *range(month))
        sent = f"2026-{month:02}-02T12:00+00:00"
        world.ask(world.make_respondent(customer), campaign, sent=sent)
    folding.fold_all()

    def compare() -> None:
        report = trend_report(Filters(SPRING), step=step)
        for row, window in zip(report.rows, report.periods, strict=True):
            assert _figures(row) == _figures(segment_report(Filters(window)).total)

    compare()
    folding.close_invitations(now=dt.datetime(2026, 6, 20, tzinfo=dt.UTC), months=99)
    compare()


def test_a_customer_that_answers_in_many_months_is_one_customer_of_the_window() -> None:
    campaign = world.make_campaign()
    for _ in range(5):
        customer = world.make_customer()
        for month in (4, 5, 6):
            day = f"2026-{month:02}-10T12:00+00:00"
            world.give_scores(customer, campaign, 10, 0, sent=day, at=day)
    folding.fold_all()

    [row] = trend_report(Filters(SPRING), step=Step.QUARTER).rows
    total = segment_report(Filters(SPRING)).total

    assert (total.responses, total.customers_answered) == (30, 5)
    assert (row.nps_low, row.nps_high) == (total.nps_low, total.nps_high)
    rolled = trend_report(Filters(SPRING), step=Step.ROLLING_3).rows[-1]
    window = segment_report(Filters(Period(dt.date(2026, 4, 1), SPRING.end))).total
    assert (rolled.nps_low, rolled.nps_high) == (window.nps_low, window.nps_high)


def _figures(row: object) -> list[Any]:
    names = (
        "responses", "promoters", "detractors", "nps", "nps_low", "nps_high", "response_rate",
        "customer_churn_rate", "nrr",
    )  # fmt: skip
    return [getattr(row, name) for name in names]


def test_months_before_the_first_customer_are_left_out_of_the_work_only(monkeypatch) -> None:
    world.make_customer(started_on=dt.date(2024, 3, 10), mrr={"2024-03": 10, "2024-05": 4})
    world.make_customer(started_on=None, mrr={"2024-02": 7})
    years = Filters(Period(dt.date(1990, 1, 1), dt.date(2025, 1, 1)))
    looked_at = []
    on = ChosenCustomers.on
    monkeypatch.setattr(
        ChosenCustomers, "on", lambda self, period: looked_at.append(period) or on(self, period)
    )

    report = trend_report(years, step=Step.MONTH)

    assert looked_at[0].start == dt.date(2024, 2, 1)
    assert len(looked_at) == 11
    monkeypatch.setattr(ChosenCustomers, "has_begun", lambda *_: True)
    assert trend_report(years, step=Step.MONTH) == report


def test_overlapping_windows_are_never_tested_against_each_other() -> None:
    for month in range(1, 7):
        world.answers_in(month, *[0 if month == 6 else 10] * 12)

    by_month = trend_report(Filters(_half_year()), step=Step.MONTH)
    rolled = trend_report(Filters(_half_year()), step=Step.ROLLING_3)

    assert by_month.latest is not None
    assert by_month.latest.difference == -200
    assert rolled.latest is None


def _half_year() -> Period:
    return Period.from_inclusive(dt.date(2026, 1, 1), dt.date(2026, 6, 30))


def test_trend_has_a_row_per_month_with_the_fields_of_the_contract() -> None:
    campaign = world.make_campaign()
    start = dt.date(2026, 1, 1)
    customer = world.make_customer(started_on=start, mrr={"2026-03": 100, "2026-04": 110})
    world.make_customer(
        started_on=start, churned_on=dt.date(2026, 4, 30), mrr={"2026-03": 100, "2026-04": 0}
    )
    world.give_scores(customer, campaign, 10, 9, 0, 7)
    world.ask(world.make_respondent(customer), campaign)
    folding.fold_all()

    shown = trend_report(Filters(APRIL_TO_JUNE), step=Step.MONTH).as_dict()

    assert [row["period"] for row in shown["rows"]] == ["2026-04", "2026-05", "2026-06"]
    april, may, _ = shown["rows"]
    assert list(april) == [
        "period", "responses", "promoters", "passives", "detractors", "nps", "nps_low", "nps_high",
        "response_rate", "customer_churn_rate", "nrr", "response_rate_low", "response_rate_high",
        "still_coming_in", "looks_incomplete", "from", "to",
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
