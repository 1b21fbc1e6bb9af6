"""Published numbers: the R package NPS (development version), Rocks 2016, MeasuringU, cybaea."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.statistics.nps.intervals import independent
from analytics.domain.statistics.nps.score_interval import (
    MIN_RESPONSES,
    Change,
    Counts,
    nps,
    quantile,
    score_limits,
    two_sided_p_value,
)
from tests.analytics.domain.oracles import (
    adjusted_wald_interval,
    change,
    score_interval,
    variance,
    wald_interval,
)

EXACT = {"rel": 0, "abs": 5e-7}


def of(detractors, passives, promoters):
    return Counts(detractors=detractors, passives=passives, promoters=promoters)


any_counts = st.builds(of, *[st.integers(min_value=0, max_value=400)] * 3)
answered = any_counts.filter(lambda counts: counts.responses > 0)


@pytest.mark.parametrize(
    ("counts", "points", "spread", "error"),
    [
        (of(1, 2, 3), 33.333333, 0.555556, 0.304290),
        (of(1, 0, 0), -100, 0, 0),
        (of(0, 0, 1), 100, 0, 0),
        (of(0, 1, 0), 0, 0, 0),
        (of(1, 0, 1), 0, 1, 0.707107),
    ],
)
def test_nps_variance_and_standard_error(counts, points, spread, error):
    assert nps(counts) == pytest.approx(points, **EXACT)
    assert variance(counts) == pytest.approx(spread, **EXACT)
    assert math.sqrt(variance(counts) / counts.responses) == pytest.approx(error, **EXACT)


INTERVALS = [
    # counts, confidence, Wald, adjusted Wald (3,T), score
    (of(1, 2, 3), 0.95, (-26.306471, 92.973138), (-26.743259, 71.187703), (-31.107378, 75.395666)),
    (of(10, 20, 30), 0.90, (17.505722, 49.160945), (16.266626, 47.225437), (16.563142, 48.027290)),
    (of(10, 20, 30), 0.95, (14.473571, 52.193096), (13.301183, 50.190881), (13.174019, 50.563893)),
    (of(10, 20, 30), 0.99, (8.547404, 58.119262), (7.505391, 55.986673), (6.452969, 55.244251)),
    (of(2, 0, 9), 0.95, (18.051012, 109.221716), (8.000772, 91.999228), (4.603888, 89.726462)),
    (of(8, 13, 15), 0.90, (-1.809632, 40.698521), (-2.384881, 38.282317), (-2.509800, 39.407008)),
    (of(8, 13, 15), 0.95, (-5.881349, 44.770238), (-6.280259, 42.177695), (-6.769746, 42.866969)),
    (
        of(8, 13, 15),
        0.99,
        (-13.839291, 52.728180),
        (-13.893556, 49.790992),
        (-14.986920, 49.217805),
    ),
    (of(5, 5, 20), 0.95, (22.669608, 77.330392), (19.105386, 71.803704), (18.260390, 71.721308)),
    (of(0, 3, 7), 0.95, (41.597423, 98.402577), (21.053949, 86.638359), (22.819424, 89.220873)),
    (of(0, 0, 10), 0.90, (100, 100), (52.233433, 101.612721), (57.411606, 100)),
    (of(0, 0, 10), 0.95, (100, 100), (47.503552, 106.342602), (44.493440, 100)),
]


@pytest.mark.parametrize(("counts", "confidence", "wald", "adjusted", "score"), INTERVALS)
def test_intervals_equal_the_published_ones(counts, confidence, wald, adjusted, score):
    assert wald_interval(counts, confidence=confidence) == pytest.approx(wald, **EXACT)
    assert adjusted_wald_interval(counts, confidence=confidence, clip=False) == pytest.approx(
        adjusted, **EXACT
    )
    assert score_interval(counts, confidence=confidence) == pytest.approx(score, **EXACT)


def test_adjusted_wald_interval_is_clipped_unless_told():
    assert adjusted_wald_interval(of(0, 0, 10)).high == 100
    assert adjusted_wald_interval(of(10, 0, 0)).low == -100


@pytest.mark.parametrize(
    ("answers", "low"),
    [(1, -58.690137), (5, 13.103507), (10, 44.493440), (30, 77.297321), (100, 92.601300)],
)
def test_score_interval_where_all_answers_are_alike(answers, low):
    assert score_interval(of(0, 0, answers)) == pytest.approx((low, 100), **EXACT)
    assert score_interval(of(answers, 0, 0)) == pytest.approx((-100, -low), **EXACT)


def test_score_interval_of_passives_only_is_symmetric():
    z = 1.959963984540054
    limit = 100 * z**2 / (10 + z**2)

    assert score_interval(of(0, 10, 0)) == pytest.approx((-limit, limit), abs=1e-12)


def test_score_interval_is_where_the_score_test_just_rejects():
    """Tango's test statistic, with the restricted maximum found by brute force."""
    counts = of(3, 4, 8)
    n = counts.responses
    for limit, sign in zip(score_interval(counts), (1, -1), strict=True):
        delta = limit / 100
        lost = np.linspace(max(0, -delta), (1 - delta) / 2, 400_001)[1:-1]
        likelihood = (
            counts.detractors * np.log(lost)
            + counts.promoters * np.log(lost + delta)
            + counts.passives * np.log(1 - delta - 2 * lost)
        )
        share = lost[likelihood.argmax()]
        distance = (counts.promoters - counts.detractors - n * delta) / math.sqrt(
            n * (2 * share + delta - delta**2)
        )
        assert distance == pytest.approx(sign * 1.959964, abs=1e-4)


def test_wald_interval_of_published_surveys():
    # Market Strategies: 20 plus or minus 6.6; cybaea: equal thirds have the width 320 / sqrt(n).
    survey = of(100, 200, 200)
    low, high = wald_interval(survey)
    assert nps(survey) == 20
    assert (high - low) / 2 == pytest.approx(6.559294, **EXACT)

    low, high = wald_interval(of(1024 / 3, 1024 / 3, 1024 / 3))
    assert high - low == pytest.approx(10.001899, **EXACT)


def test_variance_has_the_covariance_of_the_shares_inside():
    # Huber on Cross Validated: 5/9 and 4.1 points. Independent shares would give 7/18.
    counts = of(54, 108, 162)

    assert variance(counts) == pytest.approx(5 / 9, abs=1e-12)
    assert 100 * math.sqrt(variance(counts) / 324) == pytest.approx(4.140867, **EXACT)


def test_carpentries_survey():
    counts = of(71, 317, 501)

    assert nps(counts) == pytest.approx(48.368954, **EXACT)
    assert score_interval(counts) == pytest.approx((44.043264, 52.458093), **EXACT)


@pytest.mark.parametrize(
    ("current", "compared", "difference", "p_value", "limits"),
    [
        (of(10, 20, 30), of(20, 20, 20), 33.333333, 0.0223482, (4.704458, 59.981161)),
        (of(184, 83, 240), of(99, 50, 110), 6.798261, 0.321102, (-6.624007, 20.221296)),
        (of(5, 15, 80), of(15, 30, 55), 35, 0.000188385, (16.550963, 52.663618)),
    ],
)
def test_change_is_raw_with_mover_limits_and_adjusted_p(
    current, compared, difference, p_value, limits
):
    found = change(current, compared=compared)

    assert found.difference == pytest.approx(difference, **EXACT)
    assert (found.low, found.high) == pytest.approx(limits, **EXACT)
    assert found.p_value == pytest.approx(p_value, rel=5e-6)


def test_change_is_not_the_plain_z_test():
    assert change(of(10, 20, 30), compared=of(20, 20, 20)).p_value > 0.0195175 + 1e-4


def test_change_shows_the_raw_difference_although_the_adjusted_ones_differ():
    found = change(of(2, 3, 5), compared=of(20, 30, 50))

    assert found.difference == 0
    assert found.p_value < 1


def test_quantile_is_two_sided():
    assert quantile(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert quantile(0.99) == pytest.approx(2.575829, abs=1e-6)
    assert two_sided_p_value(1.959963984540054) == pytest.approx(0.05, abs=1e-12)
    assert two_sided_p_value(-1.0) == pytest.approx(2 * NormalDist().cdf(-1), abs=1e-12)


def test_nothing_is_known_about_no_answers():
    nobody = Counts()

    assert nps(nobody) is None
    assert variance(nobody) is None
    assert wald_interval(nobody) is None
    assert adjusted_wald_interval(nobody) is None
    assert score_interval(nobody) is None
    assert change(nobody, compared=of(1, 2, 3)) is None
    assert change(of(1, 2, 3), compared=nobody) is None


def test_zero_is_printed_without_a_minus():
    assert str(nps(of(3, 0, 3))) == "0.0"


def test_reportable_begins_at_the_minimum():
    assert independent(of(0, 0, MIN_RESPONSES)).reportable
    assert not independent(of(0, MIN_RESPONSES - 1, 0)).reportable
    assert MIN_RESPONSES == 10


def test_columns_equal_the_single_cells_and_empty_cells_are_nan():
    cells = [(1, 2, 3), (0, 0, 0), (0, 0, 10), (10, 0, 0), (0, 4, 0), (71, 317, 501)]
    detractors, passives, promoters = zip(*cells, strict=True)
    low, high = score_limits(detractors, passives=passives, promoters=promoters)

    assert np.isnan([low[1], high[1]]).all()
    for place, cell in enumerate(cells):
        if place != 1:
            assert (low[place], high[place]) == score_interval(of(*cell))


@given(answered)
def test_score_interval_contains_the_nps_and_stays_on_the_scale(counts):
    low, high = score_interval(counts)

    assert -100 <= low <= nps(counts) <= high <= 100
    assert low < high


@given(answered)
def test_mirrored_answers_give_the_mirrored_interval(counts):
    mirrored = of(counts.promoters, counts.passives, counts.detractors)
    low, high = score_interval(counts)

    assert nps(mirrored) == -nps(counts)
    assert score_interval(mirrored) == pytest.approx((-high, -low), abs=1e-9)


@given(answered, st.integers(min_value=2, max_value=20))
def test_more_answers_of_the_same_mix_narrow_the_interval(counts, times):
    more = of(counts.detractors * times, counts.passives * times, counts.promoters * times)
    low, high = score_interval(counts)
    low_more, high_more = score_interval(more)

    assert nps(more) == pytest.approx(nps(counts), abs=1e-9)
    assert high_more - low_more < high - low


@given(answered)
def test_wider_confidence_gives_a_wider_interval(counts):
    low, high = score_interval(counts, confidence=0.90)
    low_wide, high_wide = score_interval(counts, confidence=0.99)

    assert low_wide <= low
    assert high <= high_wide


@given(answered, answered)
def test_change_swaps_sign_with_its_periods(one, other):
    there, back = change(one, compared=other), change(other, compared=one)

    assert back == pytest.approx(
        Change(-there.difference, -there.high, -there.low, there.p_value), abs=1e-9
    )
    assert there.low <= there.difference <= there.high


@given(answered)
def test_change_to_itself_is_nothing(counts):
    found = change(counts, compared=counts)

    assert (found.difference, found.p_value) == (0, 1)


@given(any_counts, any_counts)
def test_merged_groups_add_their_answers(one, other):
    merged = one + other

    assert merged.responses == one.responses + other.responses
    if one.responses and other.responses:
        between = sorted([nps(one), nps(other)])
        assert between[0] - 1e-9 <= nps(merged) <= between[1] + 1e-9


def test_score_interval_covers_95_percent_by_full_enumeration():
    """Every outcome of 20 answers from a 15/30/55 company, weighted by its probability."""
    cells = [(d, p, 20 - d - p) for d in range(21) for p in range(21 - d)]
    detractors, passives, promoters = (np.array(column) for column in zip(*cells, strict=True))
    low, high = score_limits(detractors, passives=passives, promoters=promoters)
    chance = [
        math.factorial(20)
        / math.prod(math.factorial(count) for count in cell)
        * 0.15 ** cell[0]
        * 0.30 ** cell[1]
        * 0.55 ** cell[2]
        for cell in cells
    ]

    assert (np.array(chance) * ((low <= 40) & (high >= 40))).sum() == pytest.approx(0.951, abs=5e-4)
