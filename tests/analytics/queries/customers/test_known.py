"""Never imported is unknown, not perfect: in the reports, their files and on their pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.targets import Metric
from accounts.models import ImportedFact
from analytics.domain.findings import FindingKind
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.answers.segments import segment_report
from analytics.reports.answers.trend import Step, trend_report
from analytics.reports.outcomes import outcome_report
from analytics.reports.overview.figures import overview_report
from analytics.reports.overview.report import OverviewReport
from analytics.reports.retention import retention_report
from tests.accounts.importing import Files
from tests.analytics import world
from tests.staffing import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = dt.date(2026, 11, 15)
MAY_TO_OCTOBER = Period(dt.date(2026, 5, 1), dt.date(2026, 11, 1))
IMPORTED = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
NO_CHURN, NO_REVENUE = "Who left is not known: no imported", "Revenue is not known: none has been"
CHURN = ("customers_churned", "customer_churn_rate", "customer_retention_rate")
REVENUE = (
    *("mrr_start", "mrr_churned", "mrr_contraction", "mrr_expansion"),
    *("revenue_churn_rate", "grr", "nrr", "revenue_weighted_nps"),
)


def bring_in(
    folder: Path, *, churned: dict[int, str] | None, revenue: bool = False, customers: int = 12
) -> None:
    """Customers of 2024, each with an answer of April; who left and when, by number."""
    files = Files(folder)
    header = ["customer_id", "started_on", *([] if churned is None else ["churned_on"])]
    rows = [
        [f"K{n}", "2024-01-01", *([] if churned is None else [churned.get(n, "")])]
        for n in range(customers)
    ]
    files.bring_in(FileKind.CUSTOMERS, [header, *rows], now=IMPORTED)
    if revenue:
        months = ("2026-06", "2026-07")
        paid = [[f"K{n}", month, "10"] for n in range(customers) for month in months]
        files.bring_in(FileKind.REVENUE, [["customer_id", "month", "mrr"], *paid], now=IMPORTED)
    answers = [
        [f"p{n}@x.example", f"K{n}", "9", "2026-05-11", "2026-05-10"] for n in range(customers)
    ]
    answers.append(["late@x.example", "K0", "9", "2026-10-15", ""])
    header = ["email", "customer_id", "score", "answered_at", "invited_at"]
    files.bring_in(FileKind.RESPONSES, [header, *answers], now=IMPORTED)


def total(**fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = segment_report(Filters(MAY_TO_OCTOBER, **fields)).as_dict()
    return found["total"] | {"unknown": found.get("unknown")}


def test_without_churned_on_nobody_knows_who_left(tmp_path: Path) -> None:
    bring_in(tmp_path, churned=None)

    assert [total()[name] for name in (*CHURN, *REVENUE)] == [None] * 11
    assert total()["unknown"][0].startswith(NO_CHURN)
    assert total()["unknown"][1].startswith(NO_REVENUE)
    assert total()["customers_at_start"] == 12
    trend = trend_report(Filters(MAY_TO_OCTOBER), step=Step.MONTH)
    assert {(row.customer_churn_rate, row.nrr) for row in trend.rows} == {(None, None)}


def test_an_empty_column_says_that_nobody_left(tmp_path: Path) -> None:
    bring_in(tmp_path, churned={})

    assert [total()[name] for name in CHURN] == [0, 0.0, 1.0]
    assert [text[:20] for text in total()["unknown"]] == [NO_REVENUE[:20]]


def test_a_dry_run_and_a_refused_file_have_told_of_nothing(tmp_path: Path) -> None:
    files = Files(tmp_path)
    rows = [["customer_id", "churned_on"], ["K1", ""]]
    files.bring_in(FileKind.CUSTOMERS, rows, dry_run=True)
    files.bring_in(FileKind.CUSTOMERS, [*rows, ["K2", "soon"]])
    files.bring_in(FileKind.CUSTOMERS, [["customer_id"], ["K1"]])
    assert not ImportedFact.objects.exists()

    files.bring_in(FileKind.CUSTOMERS, rows, now=IMPORTED)
    files.bring_in(FileKind.CUSTOMERS, rows, now=IMPORTED + dt.timedelta(days=3))
    [row] = ImportedFact.objects.values_list("fact", "first_on", "last_on")
    assert row == ("churn", dt.date(2026, 11, 1), dt.date(2026, 11, 4))


def test_cohorts_and_outcomes_without_churned_on_are_no_hundred_per_cent(tmp_path: Path) -> None:
    bring_in(tmp_path, churned=None)

    retention = retention_report(Period(dt.date(2024, 1, 1), dt.date(2026, 11, 1)), today=TODAY)
    shown = retention.as_dict()
    assert shown["customers"] == {
        "cohorts": [{"cohort": "2024-01", "size": 12.0, "shares": []}],
        "average": [],
    }
    assert shown["movements"] is None
    assert shown["unknown"][0].startswith(NO_CHURN)
    outcomes = outcome_report(MAY_TO_OCTOBER, horizon_days=90, today=TODAY).as_dict()
    promoter = outcomes["rows"][0]
    assert promoter["customers"] == 12
    unknown = ("churned", "churn_rate", "churn_low", "relative_risk", "mrr_at_risk")
    assert [promoter[name] for name in unknown] == [None] * 5
    assert (outcomes["log_rank_p_value"], outcomes["survival"]["promoter"]) == (None, [])
    assert outcomes["unknown"][0].startswith(NO_CHURN)


def test_revenue_is_known_from_its_first_month_to_its_last(tmp_path: Path) -> None:
    bring_in(tmp_path, churned={}, revenue=True)

    rows = trend_report(Filters(MAY_TO_OCTOBER), step=Step.MONTH).rows
    known = {row.period: row.nrr for row in rows}
    assert known == {f"2026-{month:02}": 1.0 if month == 7 else None for month in range(5, 11)}
    # April is not imported: what was paid in June is not all new.
    assert [total()[name] for name in REVENUE[:7]] == [None] * 7
    assert total()["unknown"] == [
        "Revenue is known from June 2026 to July 2026. Without the month before the period, its "
        "MRR, revenue churn, GRR and NRR are not known."
    ]
    [july] = retention_report(MAY_TO_OCTOBER, today=TODAY).months
    assert (july.movements.start, july.movements.new) == (120.0, 0.0)


def test_losses_known_of_one_month_only_are_no_rise(tmp_path: Path) -> None:
    bring_in(tmp_path, churned=dict.fromkeys(range(7), "2026-10-20"), customers=40)

    overview = overview_report(world.yearly(TODAY), today=TODAY)

    kinds = {each.kind for each in overview.findings}
    assert not kinds & {FindingKind.CHURN_ROSE, FindingKind.CHURN_FELL}
    churn = next(each for each in overview.figures if each.metric == "customer_churn_rate")
    # Beyond what is known there is a dash, not a figure with a sentence.
    assert (churn.value, churn.interval) == (None, None)
    rows = trend_report(Filters(MAY_TO_OCTOBER), step=Step.MONTH).rows
    assert [row.customer_churn_rate for row in rows] == [*[None] * 5, 7 / 40]
    assert total()["customer_churn_rate"] is None
    [text, _] = OverviewReport(overview, {}).unknown
    assert text.startswith("Who left is known from October 2026 on.")


def test_losses_after_the_latest_file_are_not_known(tmp_path: Path) -> None:
    bring_in(tmp_path, churned={1: "2026-06-20"})
    ImportedFact.objects.update(first_on=dt.date(2026, 1, 1), last_on=dt.date(2026, 7, 31))

    rows = trend_report(Filters(MAY_TO_OCTOBER), step=Step.MONTH).rows
    assert [row.customer_churn_rate for row in rows] == [0.0, 1 / 12, 0.0, None, None, None]
    assert total()["unknown"][0].startswith("Who left is known until 31 Jul 2026,")
    assert outcome_report(MAY_TO_OCTOBER, horizon_days=90, today=TODAY).last_known == dt.date(
        2026, 7, 31
    )


@pytest.mark.parametrize("page", ["", "segments/", "trend/", "outcomes/", "retention/"])
def test_pages_and_files_say_what_to_import(tmp_path: Path, page: str) -> None:
    bring_in(tmp_path, churned=None)
    viewer = client_as("viewer")

    shown = viewer.get(f"/analytics/{page}").content.decode()

    assert NO_CHURN in shown
    assert NO_REVENUE in shown
    assert "0 of 12 customers" not in shown
    found = viewer.get(f"/analytics/{page}?format=json").json()
    assert [text[:20] for text in found["unknown"]] == [NO_CHURN[:20], NO_REVENUE[:20]]


def test_a_target_of_what_is_not_known_is_neither_met_nor_missed(tmp_path: Path) -> None:
    bring_in(tmp_path, churned=None)
    targets = {each: Decimal("0.05") for each in Metric}
    figures = OverviewReport(overview_report(world.yearly(TODAY), today=TODAY), targets).as_dict()[
        "figures"
    ]
    verdicts = {each["figure"]: each["verdict"] for each in figures}
    assert [verdicts[each] for each in ("customer_churn_rate", "nrr", "grr")] == [None] * 3


def test_of_imported_answers_alone_no_response_rate_is_known(tmp_path: Path) -> None:
    bring_in(tmp_path, churned={}, customers=40)

    overview = overview_report(world.yearly(TODAY), today=TODAY)
    rate = next(each for each in overview.figures if each.metric == "response_rate")
    assert (rate.value, rate.interval, rate.known_in_part) == (None, None, False)

    # A year later 20 of 40 have answered our own: no fall from 100 %.
    campaign = world.make_campaign()
    for number in range(40):
        asked = world.ask(
            world.make_respondent(world.make_customer()), campaign, sent="2027-05-10T12:00+00:00"
        )
        if number < 20:
            world.answer(asked, 9, at="2027-05-11T12:00+00:00")
    later = overview_report(world.yearly(dt.date(2027, 11, 15)), today=dt.date(2027, 11, 15))
    rate = next(each for each in later.figures if each.metric == "response_rate")
    assert rate.value == 0.5
    assert FindingKind.RESPONSE_RATE_FELL not in {each.kind for each in later.findings}


def test_small_numbers_are_grey_on_the_overview(tmp_path: Path) -> None:
    customer, campaign = world.make_customer(), world.make_campaign()
    today = dt.datetime.now(tz=dt.UTC).isoformat()
    world.give_scores(customer, campaign, 9, 10, 9, sent=today, at=today)

    viewer = client_as("viewer")

    overview = viewer.get("/analytics/").content.decode()

    assert 'class="stat-value too-small"' in overview
    assert "too few answers to report" in overview
