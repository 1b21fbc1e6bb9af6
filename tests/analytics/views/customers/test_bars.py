from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.domain.money import Conversion
from analytics.views.customers.bars import HEIGHT, STEP, bars, one_scale
from surveys.queries.people.lookup import Billed

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


def test_who_is_billed_in_another_currency_since_is_drawn_on_one_scale() -> None:
    rates = Conversion("JPY", {("USD", JUNE): Decimal(150)})
    revenue = [(MAY, Billed(Decimal(100_000), "JPY")), (JUNE, Billed(Decimal(700), "USD"))]

    scale = one_scale([*revenue, (JULY, Billed(Decimal(700), "USD"))], rates=lambda: rates)

    assert scale.currency == "JPY"
    assert scale.amounts == [(MAY, 100_000), (JUNE, 105_000), (JULY, None)]


def test_what_is_billed_in_one_currency_is_drawn_as_billed() -> None:
    scale = one_scale([(MAY, Billed(Decimal(7), "USD")), (JUNE, None)], rates=pytest.fail)

    assert (scale.currency, scale.amounts) == ("USD", [(MAY, 7), (JUNE, 0)])
