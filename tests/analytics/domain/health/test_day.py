from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.health.day import Facts, score_day
from analytics.domain.health.facts.series import Latest
from analytics.domain.health.formulas.formula import Formula
from analytics.domain.health.formulas.parsing import parse_formula
from analytics.domain.health.formulas.sources import Source, SourceKind
from tests.analytics.domain.health.formulas.made import formula_of, rows_of, standard

NAN = math.nan
ANSWERS = Source(SourceKind.NPS_LAST)
VOICE = {"source": "nps_last", "points": [[0, 0], [10, 100]]}


def facts_of(*rows: tuple[int, int, float], churned: float = NAN) -> Facts:
    """Three customers: the first is there from day 0, the second from day 90, the third leaves."""
    return Facts(
        started=np.array([0.0, 90.0, NAN]),
        churned=np.array([NAN, NAN, churned]),
        series={ANSWERS: Latest(rows_of(3, *rows))},
        segments=lambda day: pd.DataFrame({"contract": ["team", "team", "enterprise"]}),
    )


def by_customer(formulas: list[Formula], facts: Facts, day: int) -> dict[int, tuple[int, float]]:
    return {
        int(customer): (part.place, float(score))
        for part in score_day(day, formulas=formulas, facts=facts)
        for customer, score in zip(part.customers, part.scores.score, strict=True)
    }


def test_who_has_not_started_or_has_left_is_not_scored() -> None:
    facts = facts_of((0, 1, 5), (1, 1, 5), (2, 1, 5), churned=50)

    assert [*by_customer([formula_of(VOICE)], facts, 49)] == [0, 2]
    assert [*by_customer([formula_of(VOICE)], facts, 50)] == [0]


def test_a_new_customer_is_too_new_until_the_day() -> None:
    facts = facts_of((0, 1, 5), (1, 91, 5))

    assert math.isnan(by_customer([formula_of(VOICE)], facts, 119)[1][1])
    assert by_customer([formula_of(VOICE)], facts, 120)[1][1] == 50


def test_each_is_scored_by_the_first_formula_that_applies() -> None:
    large = parse_formula(standard(name="Large", measures=[VOICE | {"key": "v", "weight": 1}]))
    facts = facts_of((0, 1, 5), (2, 1, 8))

    found = by_customer([large, formula_of(VOICE)], facts, 60)

    assert found == {0: (1, 50.0), 2: (0, 80.0)}


ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 200), st.integers(0, 10)), max_size=20)


@given(rows=ROWS, later=ROWS, day=st.integers(0, 200), churned=st.integers(1, 300))
def test_adding_later_facts_changes_no_earlier_score(
    rows: list[tuple[int, int, int]],
    later: list[tuple[int, int, int]],
    day: int,
    churned: int,
) -> None:
    formulas = [formula_of(VOICE, VOICE | {"points": "percentile"})]
    added = [*rows, *((customer, on + day + 1, score) for customer, on, score in later)]

    before = by_customer(formulas, facts_of(*rows), day)
    # That the third one leaves after the day is such a fact, too.
    after = by_customer(formulas, facts_of(*added, churned=day + churned), day)

    assert str(before) == str(after)
