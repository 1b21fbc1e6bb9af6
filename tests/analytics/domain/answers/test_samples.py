"""Sums of the customers, group by group, against counting answer by answer."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.answers import votes
from analytics.domain.answers.samples import grouped_answers
from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.intervals import Sample, Shared

GROUPS = 3
NAMES = {-1: "detractors", 0: "passives", 1: "promoters"}
# Group, customer (0: not known), value.
answers = st.lists(
    st.tuples(st.integers(0, GROUPS - 1), st.integers(0, 5), st.sampled_from([-1, 0, 1])),
    max_size=40,
)


def counted(rows):
    counts = [Counts() for _ in range(GROUPS)]
    for group, _, value in rows:
        counts[group] += Counts(**{NAMES[value]: 1})
    return counts


def grouped(rows):
    groups, customers, values = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    counts = {name: values == value for value, name in NAMES.items()}
    return grouped_answers(groups, customers, counts, size=GROUPS)


def by_customer(rows):
    """Answers and value of each customer; who is not known is one of its own."""
    sums: dict[object, list[int]] = defaultdict(lambda: [0, 0])
    for place, (_, customer, value) in enumerate(rows):
        key = customer or ("nobody", place)
        sums[key][0] += 1
        sums[key][1] += value
    return sums


def sample(rows):
    sums = by_customer(rows).values()
    return Sample(
        counts=sum(counted(rows), Counts()),
        customers=len(sums),
        yy=sum(y * y for _, y in sums),
        yn=sum(y * n for n, y in sums),
        nn=sum(n * n for n, _ in sums),
    )


def shared(one, other):
    here, there = by_customer(one), by_customer(other)
    both = [(*here[key], *there[key]) for key in here.keys() & there.keys() if isinstance(key, int)]
    return Shared(
        sum(y * z for _, y, _, z in both),
        sum(y * m for _, y, m, _ in both),
        sum(n * z for n, _, _, z in both),
        sum(n * m for n, _, m, _ in both),
    )


def of_group(rows, number):
    return [row for row in rows if row[0] == number]


@given(answers)
def test_groups_of_very_many_places_are_counted_alike(rows):
    dense = grouped(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(votes, "MOST_PLACES", 0)
        patch.setattr(votes, "PLACES_PER_ROW", 0)
        sparse = grouped(rows)

    assert sparse.samples() == dense.samples()
    assert sparse.against(dense) == dense.against(sparse)


@given(answers)
def test_samples_are_those_of_each_group_alone(rows):
    found = grouped(rows)

    assert found.samples() == [sample(of_group(rows, group)) for group in range(GROUPS)]
    assert found.together().samples() == [sample(rows)]


@given(answers)
def test_the_rest_of_a_group_is_all_others_and_may_share_customers_with_it(rows):
    for group, rest in enumerate(grouped(rows).rests(grouped(rows).together())):
        others = [row for row in rows if row[0] != group]
        assert rest.sample == sample(others)
        assert rest.shared == shared(of_group(rows, group), others)


@given(answers, answers)
def test_groups_of_two_periods_share_the_customers_of_both(now, before):
    found = grouped(now).against(grouped(before))

    for group, other in enumerate(found):
        assert other.sample == sample(of_group(before, group))
        assert other.shared == shared(of_group(now, group), of_group(before, group))


@given(answers, st.integers(0, GROUPS), st.integers(0, GROUPS))
def test_a_span_counts_a_customer_of_several_groups_once(rows, first, end):
    inside = [row for row in rows if first <= row[0] < end]

    assert grouped(rows).span(first, end).samples() == [sample(inside)]


@given(answers, st.permutations(range(GROUPS)))
def test_renumbered_groups_take_their_answers_with_them(rows, numbers):
    moved = [(numbers[group], customer, value) for group, customer, value in rows]

    found = grouped(rows).renumbered(numbers, size=GROUPS)

    assert found.samples() == grouped(moved).samples()
    assert found.against(grouped(rows)) == grouped(moved).against(grouped(rows))
