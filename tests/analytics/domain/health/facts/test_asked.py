from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.domain.health.facts.asked import AccountNps, ResponseRate, answers_by_day
from analytics.domain.health.formulas.formula import Measure
from analytics.domain.health.formulas.sources import Source, SourceKind
from tests.analytics.domain.health.formulas.made import rows_of

PLAIN = Measure("m", "g", Source(SourceKind.NPS_ACCOUNT), 1.0)
WEEK = Measure("m", "g", Source(SourceKind.RESPONSE_RATE), 1.0, window_days=7)


def test_each_respondent_has_one_vote_by_the_last_answer() -> None:
    # Respondents 0 and 1 are of the first customer, 2 of the second.
    scores = rows_of(3, (0, 10, 10), (0, 20, 0), (1, 12, 9), (2, 5, 8))
    account = AccountNps(scores, np.array([0, 0, 1]), 3)

    assert account.on(15, PLAIN).tolist()[:2] == [100, 0]
    assert account.on(20, PLAIN).tolist()[:2] == [0, 0]
    assert math.isnan(account.on(20, PLAIN)[2])
    assert np.isnan(account.on(20 + 366, PLAIN)).all()


def test_an_answer_that_comes_later_has_not_come_yet() -> None:
    asked = ResponseRate(rows_of(2, (0, 10, 12), (0, 10, math.inf), (1, 1, 2)))

    assert [asked.on(day, WEEK)[0] for day in (11, 12)] == [0, 0.5]
    assert asked.on(5, WEEK)[1] == 1
    assert np.isnan(asked.on(20, WEEK)).all()


def test_the_last_answer_of_a_day_is_the_last_one() -> None:
    rows = answers_by_day(
        1, np.array([0, 0]), np.array([900, 800]), np.array([1, 1]), np.array([3.0, 9.0])
    )

    assert rows.last_on(1)[0].tolist() == [pytest.approx(3)]
