"""Packed columns of cells: nothing is lost, and what adds up to nothing is gone."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.answers.cells import (
    RESPONDENT_BIT,
    Cells,
    Totals,
    cells_of,
    folded,
    joined,
    packed,
    summed,
    totals_of,
    unpacked,
)
from surveys.domain.answers.scoring import category

LARGEST = 2**32 - 1
Row = tuple[int, int, int, int, int]
rows = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 2, int(RESPONDENT_BIT) | 1, LARGEST]),
        st.sampled_from([0, 1, LARGEST]),
        st.integers(-2, 2),
        st.sampled_from([1, 31]),
        st.integers(0, 10),
    ),
    max_size=20,
)


def rows_of(cells: Cells) -> list[Row]:
    columns = (getattr(cells, name).tolist() for name, _ in Cells.COLUMNS)
    return list(zip(*columns, strict=True))


def by_place(totals: Totals) -> Counter[tuple[int, int, str]]:
    """By customer, profile and category."""
    return Counter(
        {
            (customer, profile, name): count
            for name in ("detractors", "passives", "promoters")
            for customer, profile, count in zip(
                totals.customers.tolist(), totals.profiles.tolist(), getattr(totals, name).tolist(),
                strict=True,
            )
        }
    )  # fmt: skip


@given(rows)
def test_what_is_packed_comes_back(given_rows: list[Row]) -> None:
    data = packed(cells_of(given_rows))

    assert rows_of(unpacked(data, of=Cells)) == given_rows
    assert cells_of(given_rows).size == len(data)


def test_columns_that_were_cut_off_are_refused() -> None:
    data = packed(cells_of([(1, 2, 3, 4, 5)]))

    with pytest.raises(ValueError, match="cut off"):
        unpacked(data[:-1], of=Cells)
    assert len(unpacked(b"", of=Totals)) == 0


@given(rows, rows)
def test_folding_is_counting(one: list[Row], other: list[Row]) -> None:
    expected: Counter[tuple[int, ...]] = Counter()
    for customer, profile, count, day, score in (*one, *other):
        expected[customer, profile, day, score] += count

    found = rows_of(folded([cells_of(one), cells_of(other)]))

    assert {(row[0], row[1], row[3], row[4]): row[2] for row in found} == {
        key: count for key, count in expected.items() if count
    }
    # In one order, whoever came first: the digest of a block is that of its answers.
    assert found == rows_of(folded([cells_of(other), cells_of(one)]))


@given(rows)
def test_totals_are_the_cells_by_category(given_rows: list[Row]) -> None:
    expected: Counter[tuple[int, int, str]] = Counter()
    for customer, profile, count, _day, score in given_rows:
        expected[customer, profile, f"{category(score)}s"] += count

    totals = totals_of(folded([cells_of(given_rows)]))

    found = by_place(totals)
    assert {key: count for key, count in found.items() if count} == {
        key: count for key, count in expected.items() if count
    }
    places = list(zip(totals.customers.tolist(), totals.profiles.tolist(), strict=True))
    assert len(places) == len(set(places))


@given(rows, rows)
def test_a_customers_totals_of_two_months_are_those_of_all_answers(
    one: list[Row], other: list[Row]
) -> None:
    parts = [totals_of(folded([cells_of(each)])) for each in (one, other)]
    found = by_place(summed(parts))

    expected: Counter[tuple[int, int, str]] = Counter()
    for each in parts:
        for key, count in by_place(each).items():
            expected[key] += count
    assert {key: count for key, count in found.items() if count} == {
        key: count for key, count in expected.items() if count
    }
    places = [key[:2] for key in found if key[2] == "promoters"]
    assert places == sorted(set(places))


def test_nothing_has_its_columns() -> None:
    for nothing in (folded([]), cells_of([]), joined([], of=Cells)):
        assert rows_of(nothing) == []
        assert nothing.counts.dtype == "<i4"
    assert len(totals_of(folded([]))) == len(summed([])) == 0
