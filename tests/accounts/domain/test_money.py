from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.domain.money import Conversion, Paid, reporting_currency

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
YEN = Conversion("JPY", {("USD", OCTOBER): Decimal("155.25")})


@pytest.mark.parametrize(
    ("rows", "chosen", "expected"),
    [
        ({}, "", ""),
        ({"": 9}, "", ""),
        ({"": 9, "USD": 1}, "", "USD"),
        ({"JPY": 2, "USD": 3}, "", "USD"),
        ({"USD": 3, "JPY": 3}, "", "JPY"),
        ({"USD": 3}, "EUR", "EUR"),
    ],
)
def test_reports_are_in_what_was_chosen_else_in_what_most_rows_are_in(
    rows: dict[str, int], chosen: str, expected: str
) -> None:
    assert reporting_currency(rows, chosen=chosen) == expected


def test_an_amount_is_converted_at_the_rate_of_its_own_month_or_not_at_all() -> None:
    assert YEN.amount(Decimal("7.01"), currency="USD", month=OCTOBER) == Decimal("1088.30")
    assert YEN.amount(Decimal("7.01"), currency="USD", month=NOVEMBER) is None
    assert YEN.amount(Decimal("7.01"), currency="EUR", month=OCTOBER) is None


@pytest.mark.parametrize("currency", ["JPY", ""])
def test_the_currency_of_reports_needs_no_rate_and_a_row_without_one_is_in_it(
    currency: str,
) -> None:
    assert YEN.amount(Decimal("7.01"), currency=currency, month=NOVEMBER) == Decimal("7.01")


def paid(amount: int | None, currency: str, month: date = OCTOBER) -> Paid:
    return Paid(None if amount is None else Decimal(amount), currency, month)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # As billed: that no rate is known, or that it moved, changes nothing of what is paid.
        (paid(700, "USD", OCTOBER), paid(350, "USD", NOVEMBER), (700, 350)),
        (paid(700, "EUR"), paid(700, "EUR"), (700, 700)),
        (paid(9, ""), paid(8, "JPY"), (9, 8)),
        (paid(100_000, "JPY"), paid(1000, "USD"), (100_000, 155_250)),
        (paid(100_000, "JPY"), paid(1000, "USD", NOVEMBER), None),
        (paid(None, "JPY"), paid(1, "JPY"), None),
        (paid(1, "JPY"), paid(None, ""), None),
    ],
)
def test_amounts_are_held_against_each_other_in_one_currency_or_not_at_all(
    before: Paid, after: Paid, expected: Any
) -> None:
    assert YEN.pair(before, after) == expected
