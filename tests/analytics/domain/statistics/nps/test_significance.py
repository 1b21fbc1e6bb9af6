"""What is tested, and corrected for how many are."""

from __future__ import annotations

from analytics.domain.statistics.interval import Change
from analytics.domain.statistics.nps.intervals import Other, independent
from analytics.domain.statistics.nps.significance import significant_changes
from tests.analytics.domain.statistics.nps.counted import of

LARGE, SMALL = independent(of(0, 0, 10)), independent(of(0, 0, 9))


def change(p_value: float) -> Change:
    return Change(0.0, 0.0, 0.0, p_value)


def test_where_one_of_the_two_is_too_small_nothing_is_tested() -> None:
    pairs = [(LARGE, Other(LARGE)), (SMALL, Other(LARGE)), (LARGE, Other(SMALL)), (LARGE, None)]
    samples, others = zip(*pairs, strict=True)

    found = significant_changes(samples, others, [change(0.04)] * 4)

    # Alone it is significant at 0.04: the three that are not tested do not count.
    assert found == [True, None, None, None]


def test_two_tests_are_corrected_for_one_another() -> None:
    same = [LARGE, LARGE], [Other(LARGE)] * 2

    assert significant_changes(*same, [change(0.04), change(0.9)]) == [False, False]
    assert significant_changes(*same, [change(0.04), None]) == [True, None]
