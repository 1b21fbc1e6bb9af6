"""The rolling trend, from the report to the page."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from analytics.counting import folding
from analytics.counting.customers import ChosenCustomers
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.segments import segment_report
from analytics.reports.trend import Step, trend_report
from surveys.models import Campaign
from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db

SPRING = Period.from_inclusive(dt.date(2026, 4, 10), dt.date(2026, 6, 20))
APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def answers_in(month: int, *scores: int) -> None:
    """Asked on the first of the month and answered on the 15th."""
    world.give_scores(
        world.make_customer(),
        Campaign.objects.first() or world.make_campaign(),
        *scores,
        sent=f"2026-{month:02}-01T12:00+00:00",
        at=f"2026-{month:02}-15T12:00+00:00",
    )


def test_a_window_is_three_whole_months_although_the_period_begins_later() -> None:
    for month, scores in ((1, [0]), (2, [0, 0]), (3, [10]), (4, [10, 10]), (6, [0])):
        answers_in(month, *scores)
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
        answers_in(month, *range(month))
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


def test_the_page_says_that_neighbours_share_answers() -> None:
    answers_in(4, *[10] * 12)
    client: Client = client_as("viewer")
    days = "from=2026-04-10&to=2026-06-20"

    page = client.get(f"/analytics/trend/?{days}&step=rolling-12").content.decode()
    plain = client.get(f"/analytics/trend/?{days}&step=month").content.decode()
    shown = json.loads(client.get(f"/analytics/trend/?{days}&step=rolling-12&format=json").content)

    assert "neighbouring points share answers" in page
    assert "12 months to" in page
    assert "share answers" not in plain
    assert shown["by"] == "rolling-12"
    assert [row["responses"] for row in shown["rows"]] == [12, 12, 12]


def test_overlapping_windows_are_never_tested_against_each_other() -> None:
    for month in range(1, 7):
        answers_in(month, *[0 if month == 6 else 10] * 12)

    by_month = trend_report(Filters(_half_year()), step=Step.MONTH)
    rolled = trend_report(Filters(_half_year()), step=Step.ROLLING_3)

    assert by_month.latest is not None
    assert by_month.latest.difference == -200
    assert rolled.latest is None


def _half_year() -> Period:
    return Period.from_inclusive(dt.date(2026, 1, 1), dt.date(2026, 6, 30))


def test_a_launch_is_marked_once_in_the_month_that_it_fell_in() -> None:
    launched = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)
    world.make_campaign(name="May", state="running", launched_at=launched)
    answers_in(4, *[10] * 12)

    page = client_as("viewer").get("/analytics/trend/?from=2026-04-10&to=2026-06-20&step=rolling-3")

    layers = page.context["charts"]["nps"]["spec"]()["datasets"].values()
    marks = [row for rows in layers for row in rows if "name" in row]
    assert marks == [{"period": "2026-05", "name": "May"}]


def test_the_change_is_split_by_segment_and_adds_up() -> None:
    world.make_dimension("plan", label="Plan")
    today = timezone.localdate()
    campaign = world.make_campaign()
    for plan, months_ago, scores in (
        ("gold", 20, [10] * 12), ("tin", 20, [0] * 12), ("gold", 3, [10] * 30), ("tin", 3, [7] * 5),
    ):  # fmt: skip
        moment = (today - dt.timedelta(days=30 * months_ago)).isoformat() + "T12:00+00:00"
        world.give_scores(world.make_customer(plan=plan), campaign, *scores, sent=moment, at=moment)

    mix = client_as("viewer").get("/analytics/trend/").context["mix"]["report"]

    assert [(row.name, row.reportable) for row in mix.rows] == [("gold", True), ("tin", False)]
    parts = mix.parts
    assert parts.difference == pytest.approx(100 * 30 / 35)
    assert sum(row.shift.answered_differently for row in mix.rows) == parts.answered_differently
    assert parts.answered_differently + parts.different_people == pytest.approx(parts.difference)


def test_the_split_of_a_change_has_its_answers_interval_and_test() -> None:
    world.make_dimension("plan", label="Plan")
    answers_in(4, *[10] * 10, *[0] * 4)
    answers_in(6, *[10] * 4, *[0] * 16)
    client = client_as("viewer")

    page = client.get("/analytics/trend/?from=2026-04-01&to=2026-06-30")
    text = page.content.decode()

    found = page.context["mix"]["report"].change
    assert (found.difference, found.p_value < 0.01) == (pytest.approx(-60 - 300 / 7), True)
    assert "(20 answers) against the first (14 answers): −102.9 points (95 % interval" in text
    assert "Unlikely to be chance." in text


def test_the_split_is_withheld_where_a_half_is_too_small() -> None:
    world.make_dimension("plan", label="Plan")
    answers_in(4, *[10] * 9)
    answers_in(6, *[0] * 20)

    page = client_as("viewer").get("/analytics/trend/?from=2026-04-01&to=2026-06-30")

    text = page.content.decode()
    assert "Withheld: 9 answers in the first half of the period, 20 in the second." in text
    assert "answered differently, and" not in text
    assert "NPS, first half" not in text


def test_the_halves_are_of_the_days_so_far(monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: dt.date(2026, 6, 30))
    world.make_dimension("plan", label="Plan")
    answers_in(4, *[10] * 12)
    answers_in(6, *[0] * 12)

    mix = client_as("viewer").get("/analytics/trend/?preset=fiscal_year").context["mix"]["report"]

    assert mix.after.last_day == dt.date(2026, 6, 30)
    assert (mix.answers_before, mix.answers_after) == (12, 12)


def test_a_cut_month_says_so_on_the_page_and_in_the_files() -> None:
    answers_in(4, *[10] * 12)
    client = client_as("viewer")
    address = "/analytics/trend/?from=2026-04-23&to=2026-06-30"

    page = client.get(address).content.decode()
    rows = client.get(f"{address}&format=json").json()["rows"]
    table = client.get(f"{address}&format=csv").content.decode().splitlines()

    assert page.count('class="cut"') == 1
    assert '2026-04 <span class="cut">8 of 30 days</span>' in page
    assert [(row["from"], row["to"]) for row in rows[:2]] == [
        ("2026-04-23", "2026-04-30"), ("2026-05-01", "2026-05-31"),
    ]  # fmt: skip
    assert table[0].endswith(",nrr,from,to")
    assert table[1].endswith(",2026-04-23,2026-04-30")


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
