from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from analytics.domain.statistics.multiplicity import benjamini_hochberg

PAPER = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1,
]  # fmt: skip
PAPER_ADJUSTED = [
    0.001500, 0.003000, 0.009500, 0.035625, 0.060300, 0.063857, 0.063857, 0.064500,
    0.076500, 0.486000, 0.581182, 0.714875, 0.753231, 0.813214, 1.000000,
]  # fmt: skip

p_values = st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=40)


def test_benjamini_hochberg_1995_example():
    adjusted, significant = benjamini_hochberg(PAPER)

    assert adjusted == pytest.approx(PAPER_ADJUSTED, abs=5e-7)
    assert significant == [True] * 4 + [False] * 11


def test_absent_tests_stay_absent_and_do_not_count():
    alone = benjamini_hochberg([0.01, 0.04])
    adjusted, significant = benjamini_hochberg([None, 0.01, math.nan, 0.04])

    assert adjusted == [None, alone.adjusted[0], None, alone.adjusted[1]]
    assert significant == [None, True, None, True]
    assert benjamini_hochberg([]) == ([], [])
    assert benjamini_hochberg([None]) == ([None], [None])


@given(p_values)
def test_benjamini_hochberg_equals_statsmodels(values):
    rejected, adjusted, _, _ = multipletests(values, alpha=0.05, method="fdr_bh")
    found = benjamini_hochberg(values)

    assert found.adjusted == pytest.approx(list(adjusted), abs=1e-12)
    clear = [abs(p - 0.05) > 1e-9 for p in adjusted]
    assert [s for s, c in zip(found.significant, clear, strict=True) if c] == [
        bool(r) for r, c in zip(rejected, clear, strict=True) if c
    ]


@given(p_values)
def test_adjusted_p_values_keep_the_order_and_never_fall(values):
    adjusted, _ = benjamini_hochberg(values)
    pairs = sorted(zip(values, adjusted, strict=True))

    assert all(p <= after <= 1 for p, after in pairs)
    assert [after for _, after in pairs] == sorted(adjusted)


@given(p_values, st.randoms(use_true_random=False))
def test_order_of_the_tests_does_not_matter(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    adjusted, _ = benjamini_hochberg(values)
    shuffled, _ = benjamini_hochberg([values[place] for place in order])

    assert shuffled == [adjusted[place] for place in order]
