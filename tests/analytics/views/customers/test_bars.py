from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from analytics.views.customers.bars import HEIGHT, STEP, bars

MAY, JUNE, JULY = (dt.date(2026, month, 1) for month in (5, 6, 7))


def test_bars_stand_on_the_ground_and_reach_up_to_the_largest_value() -> None:
    drawn = bars([(MAY, 100), (JUNE, Decimal("25.5")), (JULY, 0)])

    assert (drawn.width, drawn.height) == (3 * STEP, HEIGHT)
    assert (drawn.top, drawn.last) == (100, JULY)
    assert [(bar.month, bar.value, bar.x) for bar in drawn.bars] == [
        (MAY, 100, 0),
        (JUNE, Decimal("25.5"), STEP),
        (JULY, 0, 2 * STEP),
    ]
    assert [(bar.y, bar.height) for bar in drawn.bars] == [(0, 64), (47.7, 16.3), (64, 0)]


@pytest.mark.parametrize("values", [[], [(MAY, 0)], [(MAY, Decimal("-3"))]])
def test_nothing_is_drawn_where_nothing_was_paid(values) -> None:
    assert bars(values) is None
