from __future__ import annotations

from decimal import Decimal

import pytest

from actions.domain.playbooks.touch import RANKS, Size, cell_of, size_of, usual_touch


@pytest.mark.parametrize(
    ("amount", "size"),
    [(None, ""), (0, "small"), (99, "small"), (100, "medium"), (499, "medium"), (500, "large")],
)
def test_a_size_begins_with_its_limit_and_is_not_guessed(amount: int | None, size: str) -> None:
    known = None if amount is None else Decimal(amount)
    assert size_of(known, medium_from=Decimal(100), large_from=Decimal(500)) == size


def test_what_is_not_known_is_in_no_cell() -> None:
    assert cell_of("large", "worst") == "worst:large"
    assert (cell_of("", "worst"), cell_of("large", "")) == ("", "")


def test_the_usual_table_cares_more_for_the_large_and_the_unwell() -> None:
    order = ["tech", "low", "high"]
    levels = [[order.index(usual_touch(size, rank)) for rank in RANKS] for size in Size]

    assert all(row == sorted(row) for row in levels)
    assert all(list(column) == sorted(column) for column in zip(*levels, strict=True))
    assert usual_touch("enterprise", "worst") == usual_touch(Size.MEDIUM, "worst")
