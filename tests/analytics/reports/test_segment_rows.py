"""The figures of one row of the segment report."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.queries.filters import Compare, Filters
from analytics.reports.segment_rows import SegmentRow
from analytics.reports.segments import SegmentReport, segment_report
from tests.analytics import world

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
