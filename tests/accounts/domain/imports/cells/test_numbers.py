from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.domain.imports.cells.numbers import read_amount, read_count, read_number, read_score
from accounts.domain.imports.cells.texts import Cell
from accounts.domain.reasons import Refused


@pytest.mark.parametrize(
    "cell",
    [
        "1000",
        "1,000",
        "￥1,000",
        "¥1,000",
        "1000円",
        "１０００",
        "１，０００円",
        "1000.00",
        " 1000 ",
        "'1000",
        1000,
        1e3,
    ],
)
def test_amount_is_read_however_a_spreadsheet_shows_it(cell: Cell) -> None:
    assert read_amount(cell) == Decimal(1000)


@pytest.mark.parametrize("text", ["1.000,50", "1E+06", "$1000", "€1000", "1,00", "10,00,000"])
def test_amount_that_may_mean_another_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_amount(text)


@pytest.mark.parametrize("text", ["-500", "▲500", "△500", "(500)", "−500"])
def test_what_accounts_write_for_minus_is_below_zero(text: str) -> None:
    assert read_number(text) == -500
    with pytest.raises(Refused, match="below 0"):
        read_amount(text)


@pytest.mark.parametrize("cell", [1200, "1,200", "１２００", "1200.0"])
def test_count_is_a_whole_number(cell: Cell) -> None:
    assert read_count(cell) == 1200


@pytest.mark.parametrize("cell", ["9", "９", "09", "9.0", 9.0])
def test_score_is_read_however_a_spreadsheet_shows_it(cell: Cell) -> None:
    assert read_score(cell) == 9


@pytest.mark.parametrize("text", ["9 - Very likely", "9: likely", "9 (yes)", "９点", "9 = とても"])
def test_the_words_of_a_scale_beside_a_score_are_left_out(text: str) -> None:
    assert read_score(text) == 9


@pytest.mark.parametrize("text", ["A9", "9-10", "9:30", "1 - 2", "11 - likely", "9.5", "9 likely"])
def test_a_range_a_time_or_a_code_is_no_score(text: str) -> None:
    with pytest.raises(Refused):
        read_score(text)
