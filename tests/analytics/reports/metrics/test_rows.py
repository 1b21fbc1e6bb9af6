from __future__ import annotations

from decimal import Decimal

from analytics.domain.metrics.catalogue import BY_KEY
from analytics.domain.metrics.estimates import Estimate, change_of_estimates, rate_estimate
from analytics.reports.metrics.rows import MetricRow, Pair, judged, significant


def pair(part: int, before: int, *, whole: int = 200) -> Pair:
    now, earlier = rate_estimate(part, whole), rate_estimate(before, whole)
    return Pair(now, earlier, change_of_estimates(now, earlier))


def test_what_is_too_small_or_not_compared_is_not_tested() -> None:
    assert significant([pair(9, 0, whole=9), Pair(Estimate())]) == [None, None]


def test_many_tests_are_corrected_for() -> None:
    alone, beside = pair(60, 40), [pair(50, 50)] * 9

    assert significant([alone]) == [True]
    assert significant([alone, *beside])[0] is False


def test_an_interval_that_is_open_on_one_side_can_miss_a_target_but_not_meet_it_there() -> None:
    metric = BY_KEY["onboarding_days"]
    row = MetricRow(
        segment={}, metric=metric.key, unit="days", value=30.0, low=20.0, high=None, numerator=9,
        denominator=20, reportable=True,
    )  # fmt: skip

    assert judged(row, metric, target=Decimal(10)).status == "missed"
    assert judged(row, metric, target=Decimal(40)).status == "open"
