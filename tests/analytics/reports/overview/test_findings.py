"""A sentence only where its test holds."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.domain.periods import Period
from analytics.reports.overview.figures import overview_report
from analytics.reports.overview.findings import FindingKind
from tests.analytics import world
from tests.analytics.world import followed

pytestmark = pytest.mark.django_db

APRIL_TO_JUNE = Period.from_inclusive(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
TODAY = dt.date(2026, 12, 31)


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
