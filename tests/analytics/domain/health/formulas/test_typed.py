from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.health.formulas.faults import FormulaError
from analytics.domain.health.formulas.parsing import parse_formula
from analytics.domain.health.formulas.typed import definition_of, typed_of
from tests.analytics.domain.health.formulas.made import standard


def test_the_fields_of_the_contract_s_formula_give_it_back_to_the_letter() -> None:
    assert definition_of(typed_of(standard())) == standard()


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.integers(0, 100)), min_size=2, max_size=8),
    st.lists(st.text("abc ,", min_size=1).map(str.strip).filter(bool), min_size=1, unique=True),
)
def test_no_number_and_no_value_of_a_segment_changes_on_the_way(knots: Any, values: Any) -> None:
    measure = {"key": "m", "source": "mrr", "points": [list(each) for each in knots], "weight": 0.5}
    definition = standard(measures=[measure], applies_to={"contract": values})

    assert definition_of(typed_of(definition)) == definition


def test_knots_are_read_however_somebody_writes_them() -> None:
    for text in ("0 → 0, -0.5 → 100", "0:0; −0.5:100", "0 0\n-.5 100", "0->0,-0.50=100"):
        found = definition_of({"measures[0].points": text})
        assert found["measures"][0]["points"] == [[0, 0], [-0.5, 100]]


def test_what_cannot_be_read_stays_and_is_a_fault_at_its_place() -> None:
    typed = typed_of(standard()) | {
        "measures[1].weight": "many",
        "measures[0].points": "0 → 0, ten → 100",
        "bands[2].from": "x",
    }

    with pytest.raises(FormulaError) as error:
        parse_formula(definition_of(typed))

    places = {fault.place for fault in error.value.faults}
    assert places >= {"measures[1].weight", "measures[0].points[1]", "bands[2].from"}
    again = typed_of(definition_of(typed))
    assert again["measures[1].weight"] == "many"
    assert again["measures[0].points"] == "0 → 0, ten → 100"


def test_rows_close_up_and_an_empty_cap_is_none() -> None:
    typed = {
        "measures[4].key": "b",
        "measures[1].key": "a",
        "caps[0].when": "open_follow_up",
        "caps[0].at_most": " ",
    }

    assert definition_of(typed) == {"measures": [{"key": "a"}, {"key": "b"}]}
