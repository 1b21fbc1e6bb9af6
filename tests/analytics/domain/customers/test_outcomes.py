from __future__ import annotations

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import Table2x2

from analytics.domain.customers.follow_up import GROUPS, LANDMARK_DAYS, LeftOut, follow_up
from analytics.domain.customers.outcomes import Withheld, relative_risk
from analytics.domain.statistics.survival import Step
from tests.analytics.domain.customers.asked import (
    INVITED,
    LAST_KNOWN,
    frame,
    leaving,
    report,
    row,
)


def test_nobody_is_credited_for_having_lived_to_answer():
    """All churn alike, 5 % a month, and half of those still there answer after six months.

    Followed from the start, who answered would show 73.5 % after a year where 54.0 % is the truth.
    """
    months = [int(math.log((place + 0.5) / 2000, 0.95)) for place in range(2000)]
    lifetimes = [30 * month + 15 for month in months]
    rows = [
        row(9 if life > 180 and place % 2 else None, answered=180, churned=life)
        for place, life in enumerate(lifetimes)
    ]
    found = report(*rows, horizon_days=330)

    assert found.row("promoter").customers == 0
    assert 1 - found.row("no_answer").churn_rate == pytest.approx(0.95**11, abs=1e-3)
    assert sum(life > 360 for life in lifetimes) / 2000 == pytest.approx(0.54, abs=1e-3)
    answering = [life for life in lifetimes if life > 180]
    assert sum(life > 360 for life in answering) / len(answering) == pytest.approx(0.735, abs=1e-3)


def test_answers_by_the_landmark_are_compared_from_it_on():
    """Detractors answer at once, promoters on day 30; the churn of both is the same afterwards."""
    rows = [row(3, answered=0, churned=31 + 10 * place) for place in range(40)]
    rows += [row(9, answered=30, churned=31 + 10 * place) for place in range(40)]
    found = report(*rows)

    assert found.row("detractor").churn_rate == found.row("promoter").churn_rate
    assert found.row("detractor").relative_risk == 1
    assert found.log_rank_p_value == pytest.approx(1, abs=1e-9)


def test_report_of_two_groups():
    promoters = [*leaving(5, 9), *[row(9)] * 45]
    detractors = [*leaving(20, 2), *[row(2)] * 20]
    found = report(*promoters, *detractors)
    promoter, detractor = found.row("promoter"), found.row("detractor")

    assert (found.horizon_days, found.landmark_days) == (180, 30)
    assert (promoter.customers, promoter.churned) == (50, 5)
    assert (detractor.customers, detractor.churned) == (40, 20)
    assert promoter.churn_rate == pytest.approx(0.1, abs=1e-12)
    assert detractor.churn_rate == pytest.approx(0.5, abs=1e-12)
    assert detractor.relative_risk == pytest.approx(5, abs=1e-9)
    assert (promoter.relative_risk, promoter.rr_low, promoter.rr_high) == (1, None, None)
    # Without censoring Greenwood is the binomial error, and the log interval is Katz's.
    error = math.sqrt(0.5 / (40 * 0.5) + 0.9 / (50 * 0.1))
    assert (detractor.rr_low, detractor.rr_high) == pytest.approx(
        (5 * math.exp(-1.959964 * error), 5 * math.exp(1.959964 * error)), rel=1e-6
    )
    reach = 1.959964 * math.sqrt(0.25 / 40) / (0.5 * math.log(2))
    assert (detractor.churn_low, detractor.churn_high) == pytest.approx(
        (1 - 0.5 ** math.exp(-reach), 1 - 0.5 ** math.exp(reach)), rel=1e-6
    )


def test_churn_after_the_horizon_does_not_count_within_it():
    found = report(*leaving(6, 2), *[row(2, churned=300)] * 14, horizon_days=90).row("detractor")

    assert (found.churned, found.churn_rate) == (6, pytest.approx(0.3, abs=1e-12))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([*leaving(5, 2), *[row(2)] * 4], Withheld.TOO_FEW_AT_RISK),
        ([*leaving(4, 2), *[row(2)] * 100], Withheld.TOO_FEW_CHURNED),
        ([*leaving(5, 2), *[row(2)] * 5], None),
        # A group that lost nearly all is no less certain for it.
        ([*leaving(15, 2), *[row(2)] * 2], None),
        ([], Withheld.TOO_FEW_AT_RISK),
    ],
)
def test_rates_are_withheld_where_too_little_is_known(rows, reason):
    found = report(*rows).row("detractor")

    assert found.withheld == reason
    assert (found.churn_rate is None) == (reason is not None)
    assert (found.churn_low is None) == (reason is not None)
    assert (found.churn_high is None) == (reason is not None)


def test_a_horizon_that_hardly_anybody_has_reached_is_withheld():
    recent = LAST_KNOWN - timedelta(days=130)
    old = [row(2)] * 9
    rows = [*[row(2, invited=recent, churned=40 + place) for place in range(20)], *old]

    assert report(*rows, horizon_days=180).row("detractor").withheld == Withheld.HORIZON_NOT_REACHED
    assert report(*rows, horizon_days=90).row("detractor").withheld is None
    assert report(*rows, row(2), horizon_days=180).row("detractor").withheld is None


def test_relative_risk_is_withheld_with_the_promoters():
    found = report(*leaving(4, 9), *[row(9)] * 46, *leaving(20, 2)).row("detractor")

    assert found.churn_rate == 1
    assert (found.relative_risk, found.rr_low, found.rr_high) == (None, None, None)


def test_a_group_lost_altogether_has_a_rate_but_no_interval():
    found = report(*leaving(12, 2)).row("detractor")

    assert (found.churn_rate, found.churn_low, found.churn_high) == (1, None, None)


def test_curve_starts_at_the_landmark_and_stops_at_ten_at_risk():
    curve = report(*leaving(5, 2, step=7), *[row(2)] * 8).row("detractor").survival

    assert [(point.day, point.at_risk) for point in curve] == [
        (0, 13),
        (1, 13),
        (8, 12),
        (15, 11),
        (22, 10),
    ]
    assert curve[0][:4] == (0, 1, 1, 1)
    assert [point.survival for point in curve] == pytest.approx(
        [1, 12 / 13, 11 / 13, 10 / 13, 9 / 13], abs=1e-12
    )
    assert report(*leaving(5, 2), *[row(2)] * 4).row("detractor").survival == ()


def test_curve_goes_on_without_churn_until_fewer_than_ten_are_followed():
    known_for = (LAST_KNOWN - row(2)["first_invited_on"]).days - LANDMARK_DAYS
    latecomers = [row(2, invited=LAST_KNOWN - timedelta(days=LANDMARK_DAYS + 40))] * 3

    left = leaving(5, 2, step=0)
    curve = report(*left, *[row(2)] * 10, *latecomers).row("detractor").survival
    fewer = report(*left, *[row(2)] * 9, *latecomers).row("detractor").survival

    shape = [(point.day, point.survival, point.at_risk) for point in curve]
    assert shape == [(0, 1, 18), (1, pytest.approx(13 / 18), 18), (known_for, curve[1][1], 10)]
    shape = [(point.day, point.survival, point.at_risk) for point in fewer]
    assert shape == [(0, 1, 17), (1, pytest.approx(12 / 17), 17), (40, fewer[1][1], 12)]
    assert curve[2].low == curve[1].low is not None


def test_a_curve_does_not_show_the_rate_that_is_withheld():
    """Four left within the horizon, and more after it: the curve would pass through the rate."""
    rows = [*leaving(4, 9), *leaving(6, 9, first=300), *[row(9)] * 40]

    withheld = report(*rows, horizon_days=180).row("promoter")
    shown = report(*rows, horizon_days=365).row("promoter")

    assert (withheld.withheld, withheld.survival) == (Withheld.TOO_FEW_CHURNED, ())
    assert shown.withheld is None
    assert len(shown.survival) > 10


def test_who_is_left_out_is_counted_by_the_reason():
    young = LAST_KNOWN - timedelta(days=29)
    rows = [
        row(0, churned=30),
        row(0, churned=31),
        row(9, invited=young),
        row(9, invited=young, churned=3),
        # Who leaves after the last known day is not known to be gone.
        row(9, invited=young, churned=30),
        row(9),
    ]

    assert report(*rows).left_out == LeftOut(gone_by_landmark=2, landmark_to_come=2)
    assert sum(each.customers for each in report(*rows).rows) == 2


def test_without_promoters_to_compare_with_each_group_stands_against_all_others():
    promoters, silent = [*leaving(4, 9), *[row(9)] * 46], [*leaving(10, None), *[row()] * 20]
    detractors = [*leaving(20, 2), *[row(2)] * 20]
    found = report(*promoters, *silent, *detractors)

    # Without censoring it is the ratio of two proportions, 20 of 40 and 14 of 80, after Katz.
    table = Table2x2([[20, 20], [14, 66]])
    assert found.row("detractor").relative_risk is None
    assert found.row("detractor").against_others == pytest.approx(
        (table.riskratio, *table.riskratio_confint()), rel=1e-9
    )
    assert found.row("promoter").against_others is None
    assert found.row("passive").against_others is None


def test_against_others_is_for_want_of_promoters_only_and_needs_as_much_of_the_others():
    detractors = [*leaving(20, 2), *[row(2)] * 20]

    with_promoters = report(*leaving(5, 9), *[row(9)] * 45, *detractors)
    too_few_others = report(*leaving(4, 9), *[row(9)] * 46, *detractors)

    assert [each.against_others for each in with_promoters.rows] == [None] * 4
    assert [each.against_others for each in too_few_others.rows] == [None] * 4


def test_mrr_at_risk_is_that_of_those_still_active():
    found = report(
        row(2, mrr=0.1), row(2, mrr=0.2), row(2, mrr=50, churned=90), row(2, mrr=math.nan)
    )

    assert found.row("detractor").mrr_at_risk == 0.3
    assert found.row("promoter").mrr_at_risk == 0


def test_nobody_makes_four_empty_rows():
    found = report()

    assert [row.group for row in found.rows] == list(GROUPS)
    assert [row.customers for row in found.rows] == [0, 0, 0, 0]
    assert found.log_rank_p_value is None


def test_relative_risk_without_risk_is_unknown():
    none, some = Step(0, 1.0, 0.0, 10), Step(9, 0.5, 0.1, 10)

    assert relative_risk(none, reference=some) is None
    assert relative_risk(some, reference=none) is None


customers = st.lists(
    st.builds(
        row,
        st.one_of(st.none(), st.integers(min_value=0, max_value=10)),
        answered=st.integers(min_value=0, max_value=60),
        churned=st.one_of(st.none(), st.integers(min_value=1, max_value=500)),
        invited=st.dates(min_value=INVITED, max_value=LAST_KNOWN),
    ),
    max_size=60,
)


@given(customers, st.randoms(use_true_random=False))
def test_order_of_customers_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)

    assert report(*shuffled, horizon_days=90) == report(*rows, horizon_days=90)


@given(customers)
def test_every_customer_of_the_study_is_in_one_group(rows):
    found = report(*rows)
    followed = follow_up(frame(*rows), last_known=LAST_KNOWN)

    assert sum(row.customers for row in found.rows) == len(followed)
    assert len(followed) + sum(found.left_out) == len(rows)
    assert (followed["days"] >= 0).all()
    for group in found.rows:
        assert 0 <= group.churned <= group.customers
        if group.churn_low is not None:
            assert 0 <= group.churn_low <= group.churn_rate <= group.churn_high <= 1
