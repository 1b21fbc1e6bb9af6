"""The figures of one row of the segment report."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from analytics.domain.periods import Period
from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.intervals import Other, change, intervals
from analytics.queries.filters import Compare, Filters
from analytics.reports.answers.segment_rows import SegmentRow
from analytics.reports.answers.segments import SegmentReport, segment_report
from benchmarks.coverage.simulation import sample_of, shared_of
from tests.analytics import world
from tests.analytics.domain import oracles

pytestmark = pytest.mark.django_db
APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def report(*by: str, **fields: object) -> SegmentReport:
    return segment_report(Filters(APRIL_TO_JUNE, by=by, **fields))


def row_of(found: SegmentReport, **segment: str) -> SegmentRow:
    return next(row for row in found.rows if row.segment == segment)


def test_change_is_against_the_compared_period_and_corrected_over_the_rows() -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    earlier = {"sent": "2026-01-05T12:00+00:00", "at": "2026-01-06T12:00+00:00"}
    for plan, before, after in (("up", 0, 10), ("same", 8, 8)):
        of_plan = {"customer": {"plan": plan}}
        world.give_scores_apart(campaign, *[before] * 10, **of_plan, **earlier)
        world.give_scores_apart(campaign, *[after] * 10, **of_plan)
    world.give_scores(world.make_customer(plan="few"), campaign, 0, **earlier)
    world.give_scores(world.make_customer(plan="few"), campaign, 10)

    found = report("plan", compare=Compare.PREVIOUS)

    up, same, few = (row_of(found, plan=plan) for plan in ("up", "same", "few"))
    assert (up.nps_previous, up.nps_change, up.change_significant) == (-100.0, 200.0, True)
    assert (same.nps_change, same.change_significant, same.change_p_value) == (0.0, False, 1.0)
    assert (few.nps_change, few.change_significant) == (200.0, None)
    assert few.change_p_value is not None
    assert up.change_low < 200.0 <= up.change_high
    unasked = report("plan")
    assert {row.nps_previous for row in unasked.rows} == {None}


def test_account_and_revenue_weighted_nps_are_votes_of_customers() -> None:
    campaign = world.make_campaign()
    big = world.make_customer(mrr={"2026-03": 300})
    small = world.make_customer(mrr={"2026-03": 100})
    free = world.make_customer()
    world.give_scores(big, campaign, 10, 10, 10, 0)
    world.give_scores(small, campaign, 0)
    world.give_scores(free, campaign, 9, 8)
    world.give_scores(None, campaign, 10)

    total = report().total

    # Votes: (3 - 1) / 4, -1, 1 / 2; who belongs to no customer has none.
    assert total.account_nps == 0.0
    assert total.revenue_weighted_nps == 100 * (300 * 0.5 - 100) / 400
    assert total.nps == 100 * (5 - 2) / 8


def test_each_segment_is_held_against_all_others_together() -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    for plan, scores in (("high", [10] * 14), ("middle", [10, 0] * 6), ("low", [0] * 12)):
        world.give_scores_apart(campaign, *scores, customer={"plan": plan})
    world.give_scores_apart(campaign, 10, 10, customer={"plan": "few"})

    found = report("plan")

    high, middle, low, few = (row_of(found, plan=each) for each in ("high", "middle", "low", "few"))
    # Of the others 8 gave 10 and 18 gave 0: all of few, half of the middle and the low ones.
    assert (high.rest_nps, high.rest_difference) == (100 * (8 - 18) / 26, 100 + 100 * 10 / 26)
    compared = oracles.change(Counts(promoters=14), compared=Counts(promoters=8, detractors=18))
    assert (high.rest_low, high.rest_high, high.rest_p_value) == pytest.approx(compared[1:])
    assert (high.rest_significant, middle.rest_significant, low.rest_significant) == (
        True, False, True,
    )  # fmt: skip
    assert low.rest_difference < 0 < high.rest_difference
    for row in (few, found.total):
        rest = row.rest_nps, row.rest_difference, row.rest_low, row.rest_p_value
        assert (*rest, row.rest_significant) == (None,) * 5


def test_customers_in_a_segment_and_in_its_rest_count_in_both() -> None:
    """Respondents of one customer fall into two roles and answer alike."""
    world.make_dimension("role", source="respondent")
    campaign = world.make_campaign()
    roles: dict[str, list[list[int]]] = {"Buyer": [], "User": []}
    for score in (10, 10, 10, 8, 0, 0):
        customer = world.make_customer()
        for role, scores in (("Buyer", [score] * 2), ("User", [score, 7, score])):
            world.give_scores(customer, campaign, *scores, role=role)
            roles[role].append([scores.count(each) for each in (0, 8, 10)])
            roles[role][-1][1] += scores.count(7)
    buyers, users = (np.array(roles[role]) for role in ("Buyer", "User"))
    expected = change(sample_of(buyers), compared=Other(sample_of(users), shared_of(buyers, users)))

    row = row_of(report("role"), role="Buyer")

    assert (row.rest_difference, row.rest_low, row.rest_high, row.rest_p_value) == pytest.approx(
        expected
    )
    apart = change(sample_of(buyers), compared=Other(sample_of(users)))
    assert row.rest_p_value < apart.p_value


def test_a_row_stands_on_the_effective_number_of_its_answers() -> None:
    campaign = world.make_campaign()
    earlier = {"sent": "2026-01-05T12:00+00:00", "at": "2026-01-06T12:00+00:00"}
    rows = np.array([[4, 0, 0], [0, 1, 3], [0, 4, 0], [1, 0, 3], [0, 0, 4]])
    for mine in rows:
        customer = world.make_customer()
        scores = [
            score for score, count in zip((0, 8, 10), mine, strict=True) for _ in range(count)
        ]
        world.give_scores(customer, campaign, *scores)
        world.give_scores(customer, campaign, *scores[::-1][:3], **earlier)
    world.give_scores(None, campaign, 10, 0)
    sample = sample_of(np.array([*rows, [0, 0, 1], [1, 0, 0]]))

    total = report(compare=Compare.PREVIOUS).total

    assert (total.responses, total.customers_answered, total.reportable) == (22, 7, True)
    assert (total.design_effect, total.n_effective) == pytest.approx(
        (sample.design_effect, sample.n_effective())
    )
    assert total.n_effective < 10
    assert (total.nps_low, total.nps_high) == pytest.approx(intervals([sample])[0])
    # The same customers answered alike before, which the test of the change knows.
    width = total.change_high - total.change_low
    assert width < 0.7 * (total.nps_high - total.nps_low) * 2**0.5


def test_ten_answers_of_four_customers_are_too_few() -> None:
    campaign = world.make_campaign()
    for _ in range(4):
        world.give_scores(world.make_customer(mrr={"2026-03": 10}), campaign, 10, 10, 0)

    total = report().total

    assert (total.responses, total.customers_answered, total.reportable) == (12, 4, False)
    assert total.account_nps == pytest.approx(100 / 3)
    assert total.n_effective_revenue == 4.0
    assert (total.account_nps_low, total.revenue_weighted_nps_high) == (None, None)
    world.give_scores(world.make_customer(mrr={"2026-03": 10}), campaign, 10, 10, 0)
    assert report().total.account_nps_low < 100 / 3 < report().total.revenue_weighted_nps_high
