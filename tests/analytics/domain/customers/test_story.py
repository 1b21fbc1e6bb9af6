from __future__ import annotations

from datetime import date, timedelta

import pytest

from analytics.domain.customers.story import Difference, Shift, differences, shifts, steps

LAST = date(2026, 11, 24)


def by_windows(*sums: float | None) -> dict[date, float]:
    """Newest first, each on the last day of its 28."""
    days = [LAST - timedelta(days=28 * place) for place in range(len(sums))]
    return {day: each for day, each in zip(days, sums, strict=True) if each is not None}


def test_differences_name_what_came_went_and_changed() -> None:
    before, after = (
        {"plan": "gold", "region": "EU", "same": 1},
        {"plan": "pro", "seats": 5, "same": 1},
    )

    assert differences(before, after) == [
        Difference("plan", "gold", "pro"),
        Difference("region", "EU", None),
        Difference("seats", None, 5),
    ]


def test_steps_are_the_days_on_which_something_became_another() -> None:
    days = [date(2026, month, 1) for month in (1, 2, 3, 4)]

    assert list(steps(list(zip(days, "aabb", strict=True)))) == [(days[2], "a", "b")]
    assert list(steps([])) == []


@pytest.mark.parametrize(
    ("sums", "found"),
    [
        ([100, 100, 100], []),
        ([100, 129, 100], []),
        ([69, 100, 100], [(0, 100, 69)]),
        ([130, 100, 10], [(0, 100, 130), (1, 10, 100)]),
        # Nothing is said of a window without a reading.
        ([10, None, 100], []),
        ([5, 0, 0], [(0, 0, 5)]),
        ([0, 5, 5], [(0, 5, 0)]),
    ],
)
def test_shifts_are_windows_far_from_the_one_before(
    sums: list[float | None], found: list[tuple[int, float, float]]
) -> None:
    expected = [
        Shift(LAST - timedelta(days=28 * place), before, after) for place, before, after in found
    ]

    assert shifts(by_windows(*sums), last=LAST) == expected


def test_without_readings_nothing_shifted() -> None:
    assert shifts({}, last=LAST) == []
