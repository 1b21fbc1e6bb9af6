from __future__ import annotations

import pandas as pd

from analytics.domain.health.formulas.faults import FaultCode
from analytics.domain.health.formulas.formula import Formula
from analytics.domain.health.formulas.parsing import parse_formula
from analytics.domain.health.formulas.scope import assign, scope_faults
from tests.analytics.domain.health.formulas.made import standard

DIMENSIONS = {"contract", "region"}


def applying_to(name: str, **applies_to: list[str]) -> Formula:
    return parse_formula(standard(name=name, applies_to=applies_to or None))


LARGE = applying_to("Large", contract=["enterprise"])
TOKYO = applying_to("Tokyo", region=["tokyo"])
ALL = applying_to("All")


def codes(formula: Formula, *, before: list[Formula], after: list[Formula]) -> list[FaultCode]:
    found = scope_faults(formula, before=before, after=after, dimensions=DIMENSIONS)
    return [fault.code for fault in found]


def test_the_first_formula_that_applies_wins() -> None:
    segments = pd.DataFrame(
        {"contract": ["enterprise", "enterprise", "team"], "region": ["tokyo", "osaka", "tokyo"]}
    )

    assert assign([TOKYO, LARGE, ALL], segments).tolist() == [0, 1, 0]
    assert assign([LARGE, TOKYO], segments).tolist() == [0, 0, 1]
    assert assign([LARGE], segments).tolist() == [0, 0, -1]


def test_a_segment_that_another_formula_claims_is_named() -> None:
    rival = applying_to("Rival", contract=["enterprise", "team"])

    (fault,) = scope_faults(rival, before=[LARGE], after=[], dimensions=DIMENSIONS)

    assert str(fault) == (
        "applies_to: contract = enterprise is claimed by the formula 'Large' too; take it out of "
        "one of them"
    )
    assert codes(ALL, before=[], after=[applying_to("Everybody")]) == [FaultCode.CLAIMED_ALL]


def test_two_dimensions_may_meet_since_the_order_decides() -> None:
    assert codes(TOKYO, before=[LARGE], after=[ALL]) == []


def test_one_that_never_applies_is_refused() -> None:
    narrow = applying_to("Narrow", contract=["enterprise"], region=["tokyo"])

    assert codes(narrow, before=[LARGE], after=[]) == [FaultCode.NEVER_APPLIES]
    assert codes(narrow, before=[], after=[LARGE]) == []
    assert codes(LARGE, before=[ALL], after=[]) == [FaultCode.NEVER_APPLIES]


def test_a_dimension_that_is_none_is_refused() -> None:
    assert codes(applying_to("X", plan=["a"]), before=[], after=[]) == [FaultCode.DIMENSION]
