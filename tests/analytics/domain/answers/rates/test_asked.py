from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.answers.cells import packed, unpacked
from analytics.domain.answers.rates.asked import ANY_DAY, Asked, asked_of, folded, whatever_day

ROWS = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.just(26_977),
        st.sampled_from([3, 4, (1 << 31) | 3]),
        st.integers(0, 1),
        st.integers(20_000, 20_001),
        st.integers(-1, 2),
        st.integers(-1, 1),
    ),
    max_size=12,
)


def rows_of(asked: Asked) -> list[tuple[int, ...]]:
    columns = (getattr(asked, name).tolist() for name, _ in Asked.COLUMNS)
    return list(zip(*columns, strict=True))


def summed(rows: list[tuple[int, ...]], *, by_day: bool = True) -> set[tuple[int, ...]]:
    sums: dict[tuple[int, ...], tuple[int, int]] = {}
    for *place, day, invited, answered in rows:
        key = (*place, day if by_day else ANY_DAY)
        before = sums.get(key, (0, 0))
        sums[key] = before[0] + invited, before[1] + answered
    return {(*key, *counts) for key, counts in sums.items() if any(counts)}


@given(ROWS, ROWS)
def test_folding_adds_up_what_has_the_same_place_and_keeps_no_zeros(
    one: list[tuple[int, ...]], other: list[tuple[int, ...]]
) -> None:
    found = rows_of(folded([asked_of(one), asked_of(other)]))

    assert len(found) == len(set(found))
    assert set(found) == summed([*one, *other])
    # In one order, whatever came first: the same rows are packed to the same bytes.
    assert packed(folded([asked_of(other), asked_of(one)])) == packed(
        folded([asked_of(one), asked_of(other)])
    )


@given(ROWS)
def test_totals_are_those_of_all_days(rows: list[tuple[int, ...]]) -> None:
    assert set(rows_of(whatever_day(asked_of(rows)))) == summed(rows, by_day=False)


@given(ROWS)
def test_what_was_packed_comes_back(rows: list[tuple[int, ...]]) -> None:
    found = folded([asked_of(rows)])

    assert rows_of(unpacked(packed(found), of=Asked)) == rows_of(found)
