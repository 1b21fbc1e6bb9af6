from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.answers.votes import Votes
from tests.analytics.domain.oracles import values_of, weighted_nps

SCORES = [10, 9, 8, 6, 3, 10, 7, 0]
WEIGHTS = [1000, 500, 200, 800, 100, 50, 300, 50]

rows = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=8),
        st.integers(min_value=0, max_value=10),
        st.integers(min_value=1, max_value=5),
    ),
    min_size=1,
    max_size=30,
)


def frame(records):
    return pd.DataFrame(records, columns=["customer", "score", "count"])


def votes_of(answers, groups):
    """Customers numbered from 1 on, as they come."""
    customers = pd.factorize(answers["customer"])[0] + 1
    count = answers["count"].to_numpy(dtype=float)
    values = count * values_of(answers["score"])
    return Votes(np.asarray(groups), customers, count, values).summed()


def vote_nps(answers, *, mrr, groups=None):
    groups = np.zeros(len(answers), dtype=np.int64) if groups is None else groups
    known = pd.unique(answers["customer"])
    paid = np.array([0.0, *(mrr.get(customer, 0.0) for customer in known)])
    return votes_of(answers, groups).nps(groups=int(groups.max(initial=0)) + 1, mrr=paid)


def account_nps(answers):
    return known(vote_nps(answers, mrr={})["account_nps"][0])


def revenue_weighted_nps(answers, *, mrr):
    return known(vote_nps(answers, mrr=mrr)["revenue_weighted_nps"][0])


def known(value):
    return None if pd.isna(value) else float(value)


def test_weighted_nps_equals_svymean():
    found = weighted_nps(SCORES, weights=WEIGHTS)

    assert found.nps == pytest.approx(20, abs=1e-12)
    assert found.standard_error == pytest.approx(47.091940, abs=5e-7)
    assert found.effective_responses == pytest.approx(4.422604, abs=5e-7)


def test_equal_weights_give_the_plain_nps():
    found = weighted_nps(SCORES, weights=[3] * 8)

    assert found.nps == 0
    assert found.effective_responses == 8


def test_rows_without_weight_do_not_count():
    assert weighted_nps([10, 0, 3], weights=[2, 0, 5]) == weighted_nps([10, 3], weights=[2, 5])
    assert weighted_nps([10], weights=[0]) is None
    assert weighted_nps([], weights=[]) is None


def test_one_answer_has_no_standard_error():
    assert weighted_nps([10], weights=[7]) == (100, None, 1)


@pytest.mark.parametrize("wrong", [-1, math.nan, math.inf])
def test_impossible_weights_are_refused(wrong):
    with pytest.raises(ValueError, match="weight"):
        weighted_nps([10, 9], weights=[1, wrong])


def test_each_customer_has_one_vote():
    # Acme: three promoters, one detractor: +0.5. Bolt: one detractor: -1. By answers it is +20.
    answers = frame([("acme", 9, 2), ("acme", 10, 1), ("acme", 2, 1), ("bolt", 0, 1)])

    assert account_nps(answers) == -25


def test_votes_are_weighted_by_revenue():
    answers = frame([("acme", 10, 2), ("bolt", 0, 1), ("cold", 0, 9)])

    assert revenue_weighted_nps(answers, mrr={"acme": 300.0, "bolt": 100.0, "idle": 9.0}) == 50


def test_nobody_with_revenue_means_no_revenue_weighted_nps():
    answers = frame([("acme", 10, 2)])

    assert revenue_weighted_nps(answers, mrr={}) is None
    assert revenue_weighted_nps(answers, mrr={"acme": 0.0}) is None
    assert account_nps(answers) == 100


def test_nobody_who_answered_means_no_account_nps():
    assert account_nps(frame([])) is None
    assert account_nps(frame([("acme", 10, 0)])) is None
    assert revenue_weighted_nps(frame([]), mrr={"acme": 1.0}) is None


def test_votes_by_segment_equal_those_of_each_segment_alone():
    answers = frame([("acme", 10, 2), ("acme", 3, 1), ("bolt", 0, 1), ("cold", 7, 1)])
    answers["plan"] = ["pro", "free", "free", "pro"]
    mrr = {"acme": 30.0, "bolt": 10.0}
    groups, plans = pd.factorize(answers["plan"])
    found = vote_nps(answers, mrr=mrr, groups=groups).set_index(plans)

    for plan in ("pro", "free"):
        alone = answers[answers["plan"] == plan]
        assert found.loc[plan, "account_nps"] == account_nps(alone)
        assert found.loc[plan, "revenue_weighted_nps"] == revenue_weighted_nps(alone, mrr=mrr)


@given(rows, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(records, random):
    shuffled = list(records)
    random.shuffle(shuffled)
    mrr = {customer: customer * 10.0 for customer in range(9)}

    assert account_nps(frame(shuffled)) == pytest.approx(account_nps(frame(records)), abs=1e-9)
    assert revenue_weighted_nps(frame(shuffled), mrr=mrr) == pytest.approx(
        revenue_weighted_nps(frame(records), mrr=mrr), abs=1e-9
    )


@given(rows)
def test_equal_revenue_weighs_like_one_vote_each(records):
    mrr = dict.fromkeys(range(9), 120.0)

    assert revenue_weighted_nps(frame(records), mrr=mrr) == pytest.approx(
        account_nps(frame(records)), abs=1e-9
    )


@given(rows)
def test_splitting_a_count_over_rows_changes_nothing(records):
    split = [(customer, score, 1) for customer, score, count in records for _ in range(count)]

    assert account_nps(frame(split)) == pytest.approx(account_nps(frame(records)), abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 900)), min_size=1, max_size=20))
def test_one_answer_of_each_customer_is_the_weighted_mean_of_the_textbook(pairs):
    scores, weights = zip(*pairs, strict=True)
    answers = frame([(customer, score, 1) for customer, score in enumerate(scores)])
    oracle = weighted_nps(scores, weights=weights)
    found = revenue_weighted_nps(answers, mrr=dict(enumerate(map(float, weights))))

    assert found == (None if oracle is None else pytest.approx(oracle.nps, abs=1e-9))
