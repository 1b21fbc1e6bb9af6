from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analytics.domain.answers import trends
from analytics.domain.answers.samples import GroupedAnswers
from analytics.domain.answers.scores import count_categories
from analytics.domain.answers.trends import decompose_counts, latest_change
from analytics.domain.answers.votes import Votes
from analytics.domain.periods import Period, months, quarters
from analytics.domain.statistics.nps.counts import Counts, nps
from tests.analytics.domain.oracles import change, score_interval

HALF_YEAR = Period(date(2025, 1, 1), date(2025, 7, 1))
segment_cells = st.lists(
    st.tuples(
        st.sampled_from(["pro", "free", ""]),
        st.integers(min_value=0, max_value=10),
        st.integers(min_value=1, max_value=30),
    ),
    max_size=12,
)


def cells(*rows):
    return pd.DataFrame(rows, columns=["day", "score", "count"])


def answers_in(cells, parts):
    """By part, each answer of a customer that is not known."""
    counts = [count_categories(cells.loc[[day in part for day in cells["day"]]]) for part in parts]
    nobody = np.empty(0, dtype=np.int64)
    return GroupedAnswers(counts, counts, Votes(nobody, nobody, nobody * 1.0, nobody * 1.0))


def trend(cells, *, periods, window=1):
    return trends.trend(answers_in(cells, periods), parts=periods, window=window)


def decompose_change(compared, *, current, by):
    return decompose_counts(counts_by_segment(compared, by=by), counts_by_segment(current, by=by))


def counts_by_segment(cells, *, by):
    groups = cells[cells["count"] > 0].groupby(list(by), dropna=False)
    return {key: count_categories(rows) for key, rows in groups}


def segments(rows):
    return pd.DataFrame(rows, columns=["plan", "score", "count"])


ANSWERS = cells(
    (date(2024, 12, 31), 0, 50),
    (date(2025, 1, 1), 9, 3),
    (date(2025, 1, 31), 3, 1),
    (date(2025, 2, 1), 7, 2),
    (date(2025, 4, 15), 10, 5),
    (date(2025, 6, 30), 0, 5),
    (date(2025, 7, 1), 0, 50),
)


def test_trend_has_a_row_for_every_month():
    rows = trend(ANSWERS, periods=months(HALF_YEAR))

    assert [row.sample.counts for row in rows] == [
        Counts(detractors=1, promoters=3),
        Counts(passives=2),
        Counts(),
        Counts(promoters=5),
        Counts(),
        Counts(detractors=5),
    ]
    assert [row.nps for row in rows] == [50, 0, None, 100, None, -100]
    assert [row.interval for row in rows] == [score_interval(row.sample.counts) for row in rows]


def test_quarters_add_up_their_months():
    by_quarter = trend(ANSWERS, periods=quarters(HALF_YEAR))

    assert [row.sample.counts for row in by_quarter] == [
        Counts(detractors=1, passives=2, promoters=3),
        Counts(detractors=5, promoters=5),
    ]


def test_trend_without_answers_is_empty_rows():
    rows = trend(cells(), periods=months(HALF_YEAR))

    assert [row.sample.counts for row in rows] == [Counts()] * 6
    assert trend(ANSWERS, periods=[]) == []


def test_rolling_adds_up_the_window_that_ends_with_each_row():
    rows = trend(ANSWERS, periods=months(HALF_YEAR), window=3)

    assert [row.period for row in rows] == [
        Period(date(2025, 1, 1), date(2025, 4, 1)),
        Period(date(2025, 2, 1), date(2025, 5, 1)),
        Period(date(2025, 3, 1), date(2025, 6, 1)),
        Period(date(2025, 4, 1), date(2025, 7, 1)),
    ]
    assert [row.nps for row in rows] == [
        pytest.approx(100 * 2 / 6),
        pytest.approx(100 * 5 / 7),
        100,
        0,
    ]


def test_rolling_needs_a_full_window():
    assert trend(ANSWERS, periods=months(HALF_YEAR), window=7) == []


def test_change_of_mix_alone_is_different_people():
    # Pro stays at +100 and free at -100; pro grows from half to three quarters.
    found = decompose_change(
        segments([("pro", 10, 10), ("free", 0, 10)]),
        current=segments([("pro", 10, 15), ("free", 0, 5)]),
        by=["plan"],
    )

    assert (found.difference, found.answered_differently, found.different_people) == (50, 0, 50)


def test_change_of_answers_alone_is_answered_differently():
    found = decompose_change(
        segments([("pro", 10, 10), ("free", 0, 10)]),
        current=segments([("pro", 10, 10), ("free", 7, 10)]),
        by=["plan"],
    )

    assert (found.difference, found.answered_differently, found.different_people) == (50, 50, 0)
    free, pro = found.segments
    assert (free.segment, free.answered_differently) == (("free",), 50)
    assert (pro.segment, pro.answered_differently) == (("pro",), 0)


def test_simpson_the_total_rises_although_every_segment_falls():
    found = decompose_change(
        segments([("pro", 10, 10), ("free", 0, 90)]),
        current=segments([("pro", 10, 80), ("pro", 7, 10), ("free", 0, 10)]),
        by=["plan"],
    )

    assert found.difference == 150
    assert found.answered_differently < 0
    assert found.different_people > 150


def test_a_segment_on_one_side_only_is_different_people():
    found = decompose_change(
        segments([("pro", 10, 10)]),
        current=segments([("pro", 10, 10), ("free", 0, 10)]),
        by=["plan"],
    )

    assert (found.difference, found.answered_differently, found.different_people) == (-100, 0, -100)


@pytest.mark.parametrize("halves", [([], [("pro", 9, 1)]), ([("pro", 9, 1)], []), ([], [])])
def test_no_change_is_known_from_or_to_nothing(halves):
    before, after = halves

    assert decompose_change(segments(before), current=segments(after), by=["plan"]) is None


@given(segment_cells, segment_cells)
def test_the_parts_add_up_and_swap_sign(before, after):
    assume(before)
    assume(after)
    there = decompose_change(segments(before), current=segments(after), by=["plan"])
    back = decompose_change(segments(after), current=segments(before), by=["plan"])
    whole = nps(count_categories(segments(after))) - nps(count_categories(segments(before)))

    assert there.difference == whole
    assert there.answered_differently + there.different_people == pytest.approx(whole, abs=1e-9)
    assert back.answered_differently == pytest.approx(-there.answered_differently, abs=1e-9)
    assert back.different_people == pytest.approx(-there.different_people, abs=1e-9)


def test_latest_row_is_held_against_the_four_before_it_together():
    rows = answers_in(
        cells(*((date(2025, month, 3), 10 if month < 6 else 0, 10) for month in range(1, 7))),
        months(HALF_YEAR),
    )

    found = latest_change(rows)

    assert found == change(Counts(detractors=10), compared=Counts(promoters=40))
    first = months(HALF_YEAR)[:4]
    assert latest_change(answers_in(ANSWERS, first)) is None


def test_latest_row_of_too_few_answers_says_nothing():
    rows = answers_in(
        cells((date(2025, 2, 3), 10, 40), (date(2025, 6, 3), 0, 9)), months(HALF_YEAR)
    )

    assert latest_change(rows) is None


@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.integers(0, 10), st.integers(1, 9)), min_size=1, max_size=20
    ),
    st.integers(min_value=1, max_value=6),
)
def test_a_window_counts_what_one_period_as_long_would(rows, window):
    answers = cells(*((date(2025, month, 9), score, count) for month, score, count in rows))

    rolled = trend(answers, periods=months(HALF_YEAR), window=window)

    assert rolled == trend(answers, periods=[row.period for row in rolled])
    assert rolled == trend(answers[::-1], periods=months(HALF_YEAR), window=window)
