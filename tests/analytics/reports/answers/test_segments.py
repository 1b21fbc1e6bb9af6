"""The segment report from hand-made rows; every figure below was worked out by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from accounts.models import Customer
from analytics.counting.cells import folding
from analytics.domain.periods import Period
from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.intervals import Sample
from analytics.domain.statistics.shares import share_of
from analytics.queries.filters import Compare, Filters
from analytics.reports.answers.segment_rows import SegmentRow
from analytics.reports.answers.segments import SegmentReport, segment_report
from tests.analytics import world
from tests.analytics.domain.oracles import score_interval

pytestmark = pytest.mark.django_db

APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
ROW_FIELDS = [
    "segment", "invited", "responses", "response_rate", "promoters", "passives", "detractors",
    "nps", "nps_low", "nps_high", "reportable", "nps_previous", "nps_change", "change_low",
    "change_high", "change_p_value", "change_significant", "rest_nps", "rest_difference",
    "rest_low", "rest_high", "rest_p_value", "rest_significant", "customers_answered",
    "design_effect", "n_effective", "account_nps", "account_nps_low", "account_nps_high",
    "revenue_weighted_nps", "revenue_weighted_nps_low", "revenue_weighted_nps_high",
    "n_effective_revenue", "csat", "customers_at_start", "customers_churned", "customer_churn_rate",
    "customer_retention_rate",
    "mrr_start", "mrr_churned", "mrr_contraction", "mrr_expansion", "revenue_churn_rate", "grr",
    "nrr",
]  # fmt: skip


def report(*by: str, **fields: Any) -> SegmentReport:
    return segment_report(Filters(APRIL_TO_JUNE, by=by, **fields))


def row_of(found: SegmentReport, **segment: str) -> SegmentRow:
    return next(row for row in found.rows if row.segment == segment)


def test_report_has_the_fields_of_the_contract() -> None:
    world.make_dimension("plan")
    world.make_customer(plan="gold")

    shown = report("plan").as_dict()

    fields = ["period", "by", "confidence", "rows", "total", "revenue_months"]
    # No revenue was imported, and nobody knows when the customer started.
    assert list(shown) == [*fields, "unknown"]
    assert shown["period"] == {"from": "2026-04-01", "to": "2026-06-30"}
    assert (shown["by"], shown["confidence"]) == (["plan"], 0.95)
    added = ["response_rate_low", "response_rate_high", "still_coming_in"]
    assert list(shown["rows"][0]) == [*ROW_FIELDS, *added]
    assert list(shown["total"]) == [*ROW_FIELDS, *added]


def test_nps_counts_answers_of_the_period_by_frozen_segment() -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    gold = {"customer": {"plan": "gold"}}
    world.give_scores_apart(campaign, 10, 9, 8, 0, **gold)
    world.give_scores_apart(campaign, 0, at="2026-07-01T00:00+00:00", **gold)
    Customer.objects.update(attributes={"plan": "tin"})

    row = row_of(report("plan"), plan="gold")

    limits = score_interval(Counts(promoters=2, passives=1, detractors=1))
    assert (row.responses, row.promoters, row.passives, row.detractors) == (4, 2, 1, 1)
    assert row.nps == 25.0
    assert (row.nps_low, row.nps_high) == limits
    assert not row.reportable


def test_last_day_belongs_to_the_period_in_the_organisations_zone(settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    campaign = world.make_campaign()
    customer = world.make_customer()
    world.give_scores(customer, campaign, 10, at="2026-06-30T14:59:59+00:00")
    world.give_scores(customer, campaign, 0, at="2026-06-30T15:00:00+00:00")

    before = report().total
    folding.fold_all()
    after = report().total

    assert (before.responses, before.nps) == (1, 100.0)
    assert after == before


def test_response_rate_is_of_the_invitations_sent_in_the_period() -> None:
    campaign = world.make_campaign()
    customer = world.make_customer()
    world.give_scores(customer, campaign, 10, at="2026-07-09T00:00+00:00")
    world.give_scores(customer, campaign, 10, sent="2026-03-31T23:59:59+00:00")
    world.ask(world.make_respondent(customer), campaign)
    world.ask(world.make_respondent(customer), campaign, state="unknown")
    world.ask(world.make_respondent(customer), campaign, state="failed")
    world.answer(world.ask(world.make_respondent(customer), campaign), 3, suspect=True)

    total = report().total

    assert (total.invited, total.response_rate, total.responses) == (4, 0.25, 1)


def test_imported_answers_count_as_asked_and_answered_only_with_a_date_of_asking() -> None:
    campaign = world.make_campaign(state="imported")
    customer = world.make_customer()
    world.give_scores(customer, campaign, 10)
    world.give_scores(customer, campaign, 10, sent=None)

    total = report().total

    # Whom the other system asked in vain is not known: that is no response rate of 100 %.
    assert (total.invited, total.response_rate, total.responses) == (1, None, 2)

    own = world.make_campaign()
    world.ask(world.make_respondent(customer), own)
    world.give_scores(world.make_customer(), own, 3)
    total = report().total
    assert (total.invited, total.response_rate, total.responses) == (3, 2 / 3, 3)
    # A part of it is a choice of those who answered: it has no interval.
    assert (total.response_rate_low, total.response_rate_high) == (None, None)


def test_the_interval_of_a_response_rate_knows_the_customers() -> None:
    """Ten customers of ten respondents, of whom all or none answer, tell as much as ten people."""
    world.make_dimension("plan")
    campaign = world.make_campaign()
    for number in range(10):
        customer = world.make_customer(plan="gold" if number else "tin")
        if number % 2:
            world.give_scores(customer, campaign, *[9] * 10)
        else:
            for _ in range(10):
                world.ask(world.make_respondent(customer), campaign)

    total = report("plan").total
    tin = row_of(report("plan"), plan="tin")

    assert (total.response_rate, total.invited) == (0.5, 100)
    counts = Counts(promoters=50, passives=50)
    share = share_of(Sample(counts=counts, customers=10, yy=500, yn=500, nn=1000))
    assert share is not None
    assert (total.response_rate_low, total.response_rate_high) == share.limits
    assert share.limits.high - share.limits.low > 0.5
    # Of one customer nobody can tell.
    assert (tin.response_rate, tin.response_rate_low) == (0.0, None)


def test_mails_that_may_still_be_answered_are_counted_by_the_filters() -> None:
    campaign, other = world.make_campaign(slug="spring"), world.make_campaign(slug="other")
    customer = world.make_customer()
    for day, of, language in (
        ("03-31", campaign, "ja"), ("04-01", campaign, "ja"), ("04-30", campaign, "en"),
        ("04-10", other, "ja"), ("05-01", campaign, "ja"),
    ):  # fmt: skip
        respondent = world.make_respondent(customer, language=language)
        world.ask(respondent, of, sent=f"2026-{day}T12:00+00:00")
    mine = world.make_customer(owner_email="cs@example.com")
    imported = world.make_campaign(state="imported")
    world.ask(world.make_respondent(mine), imported, sent="2026-04-29T12:00+00:00")

    def counted(*, today: dt.date = dt.date(2026, 4, 30), **fields: Any) -> int | None:
        year = Period(dt.date(2025, 6, 1), dt.date(2026, 6, 1))
        return segment_report(Filters(year, today=today, **fields)).total.still_coming_in

    assert counted() == 3
    assert (counted(campaign="spring"), counted(language="en")) == (2, 1)
    assert counted(today=dt.date(2026, 9, 1)) == 0
    world.ask(world.make_respondent(mine), campaign, sent="2026-04-10T12:00+00:00")
    assert counted(owner="CS@example.com") == 1


def test_each_row_says_how_many_of_its_mails_may_still_be_answered() -> None:
    world.make_dimension("plan")
    campaign, history = world.make_campaign(), world.make_campaign(state="imported")
    gold, tin = (world.make_customer(plan=plan) for plan in ("gold", "tin"))
    for customer, day in ((gold, "2026-06-01"), (gold, "2026-06-02"), (tin, "2026-04-02")):
        world.ask(world.make_respondent(customer), campaign, sent=f"{day}T12:00+00:00")
    late = world.ask(world.make_respondent(tin), history, sent="2026-06-20T12:00+00:00")
    world.answer(late, 9, at="2026-06-20T12:00+00:00")

    found = report("plan", today=dt.date(2026, 7, 1))

    assert {row.segment["plan"]: row.still_coming_in for row in found.rows} == {"gold": 1, "tin": 0}
    assert found.total.still_coming_in == 1
    # Who asks without a day is told nothing.
    assert report("plan").total.still_coming_in is None


def test_unknown_segment_is_the_empty_text_and_stands_last() -> None:
    world.make_dimension("plan")
    world.make_customer(plan="gold")
    world.make_customer()

    assert [row.segment for row in report("plan").rows] == [{"plan": "gold"}, {"plan": ""}]


def test_customers_and_revenue_of_a_segment() -> None:
    world.make_dimension("plan")
    start = dt.date(2026, 1, 1)
    world.make_customer(plan="gold", started_on=start, mrr={"2026-03": 100, "2026-06": 150})
    world.make_customer(
        plan="gold", started_on=start, churned_on=dt.date(2026, 6, 30), mrr={"2026-03": 60}
    )
    world.make_customer(plan="gold", started_on=start, mrr={"2026-03": 40, "2026-06": 30})
    world.make_customer(plan="gold", started_on=dt.date(2026, 4, 1), mrr={"2026-06": 500})
    world.make_customer(plan="gold", started_on=start, churned_on=dt.date(2026, 3, 31))
    world.make_customer(plan="gold", started_on=start, churned_on=dt.date(2026, 7, 1))

    row = row_of(report("plan"), plan="gold")

    assert (row.customers_at_start, row.customers_churned) == (4, 1)
    assert (row.customer_churn_rate, row.customer_retention_rate) == (0.25, 0.75)
    assert (row.mrr_start, row.mrr_churned, row.mrr_contraction) == (200.0, 60.0, 10.0)
    assert row.mrr_expansion == 50.0
    assert (row.grr, row.nrr, row.revenue_churn_rate) == (0.65, 0.9, 0.35)


def test_bands_cut_customers_and_answers_alike() -> None:
    bands = {"thresholds": ["10", "100"], "labels": ["small", "middle", "large"]}
    world.make_dimension("seats", bands=bands)
    customer = world.make_customer(seats="10", started_on=dt.date(2026, 1, 1))
    world.give_scores(customer, world.make_campaign(), 9)

    (row,) = report("seats").rows

    assert (row.segment, row.responses, row.customers_at_start) == ({"seats": "middle"}, 1, 1)


def test_respondent_attributes_leave_the_customer_columns_unknown() -> None:
    world.make_dimension("role", source="respondent")
    world.make_dimension("plan")
    customer = world.make_customer(plan="gold", started_on=dt.date(2026, 1, 1))
    world.give_scores(customer, world.make_campaign(), 9, role="Buyer")

    for found in (report("role"), report("plan", where={"role": ["Buyer"]})):
        assert [row.responses for row in found.rows] == [1]
        assert {row.customers_at_start for row in (*found.rows, found.total)} == {None}
        assert {row.nrr for row in (*found.rows, found.total)} == {None}


def test_customer_named_by_a_later_import_votes_at_once() -> None:
    campaign = world.make_campaign()
    respondent = world.make_respondent()
    world.answer(world.ask(respondent, campaign), 10)
    folding.fold_all()
    before = report().total.account_nps
    respondent.customer = world.make_customer()
    respondent.save()

    assert (before, report().total.account_nps) == (None, 100.0)


def test_year_compares_the_same_dates_a_year_earlier() -> None:
    campaign = world.make_campaign()
    customer = world.make_customer()
    earlier = {"sent": "2025-03-01T12:00+00:00"}
    world.give_scores(customer, campaign, 0, at="2025-04-01T00:00+00:00", **earlier)
    world.give_scores(customer, campaign, 10, at="2025-03-31T23:59:59+00:00", **earlier)
    world.give_scores(customer, campaign, 10)

    assert report(compare=Compare.YEAR).total.nps_previous == -100.0


def test_two_dimensions_make_a_row_per_combination_that_occurs() -> None:
    world.make_dimension("plan")
    world.make_dimension("region")
    world.give_scores(world.make_customer(plan="gold", region="east"), world.make_campaign(), 10)
    world.make_customer(plan="tin", region="west")

    found = report("plan", "region")

    assert [tuple(row.segment.values()) for row in found.rows] == [
        ("gold", "east"),
        ("tin", "west"),
    ]


def test_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries) -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    for plan in range(30):
        world.give_scores(world.make_customer(plan=str(plan)), campaign, 10, 0)
    folding.fold_all()

    with django_assert_max_num_queries(19):
        assert len(report("plan", compare=Compare.YEAR).rows) == 30


def test_report_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        report().total.nps = 3.0  # type: ignore[misc]
