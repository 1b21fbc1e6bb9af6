from __future__ import annotations

import datetime as dt

import numpy as np

from analytics.domain.answers.satisfaction import Satisfaction
from analytics.domain.periods import Period, months
from analytics.domain.statistics.nps.counts import Counts


def given(*rows: tuple[int, int, str, int, int]) -> Satisfaction:
    """Group, customer (0: not known), day, score, satisfaction."""
    days = np.array([row[2] for row in rows], dtype="datetime64[D]")
    group, customer, score, value = (
        np.array([row[place] for row in rows], dtype=np.int64) for place in (0, 1, 3, 4)
    )
    return Satisfaction(group, customer, days, score, value)


ROWS = given(
    (0, 1, "2026-04-01", 10, 5),
    (0, 1, "2026-04-30", 9, 4),
    (1, 2, "2026-05-01", 7, 3),
    (1, 0, "2026-06-30", 0, 4),
    (2, 0, "2026-07-01", 6, 1),
)


def test_four_and_five_are_satisfied_and_three_is_not() -> None:
    assert ROWS.shares(groups=4) == [1.0, 0.5, 0.0, None]
    assert ROWS.means(groups=4) == [4.5, 3.5, 1.0, None]


def test_answers_of_one_customer_are_one_cluster_and_those_of_nobody_known_each_their_own() -> None:
    together, middle = ROWS.together().grouped(groups=1), ROWS.grouped(groups=3).samples()[1]

    [sample] = together.samples()
    assert (sample.counts, sample.customers) == (Counts(promoters=3, passives=2), 4)
    # Customer 1 has two of two; 2, and each of the others, one.
    assert (sample.yy, sample.yn, sample.nn) == (4 + 1, 4 + 1, 4 + 1 + 1 + 1)
    assert (middle.counts, middle.customers) == (Counts(promoters=1, passives=1), 2)


def test_by_category_of_the_score_beside_it() -> None:
    assert ROWS.by_category().groups.tolist() == [2, 2, 1, 0, 0]


def test_by_month() -> None:
    parts = months(Period(dt.date(2026, 4, 1), dt.date(2026, 8, 1)))

    assert ROWS.by_part(parts).groups.tolist() == [0, 0, 1, 2, 3]
