from __future__ import annotations

from analytics.domain.metrics.estimates import Estimate, change_of_estimates, rate_estimate
from analytics.reports.metrics.rows import Pair, significant


def pair(part: int, before: int, *, whole: int = 200) -> Pair:
    now, earlier = rate_estimate(part, whole), rate_estimate(before, whole)
    return Pair(now, earlier, change_of_estimates(now, earlier))


def test_what_is_too_small_or_not_compared_is_not_tested() -> None:
    assert significant([pair(9, 0, whole=9), Pair(Estimate())]) == [None, None]


def test_many_tests_are_corrected_for() -> None:
    alone, beside = pair(60, 40), [pair(50, 50)] * 9

    assert significant([alone]) == [True]
    assert significant([alone, *beside])[0] is False
