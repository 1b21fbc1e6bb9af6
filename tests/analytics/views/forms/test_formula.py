from __future__ import annotations

import pytest

from analytics.domain.health.formulas.faults import FormulaError
from analytics.domain.health.formulas.parsing import parse_formula
from analytics.domain.health.formulas.typed import definition_of
from analytics.views.forms.formula import FormulaFields
from tests.analytics.domain.health.formulas.made import standard


def fields_of(**changes: object) -> FormulaFields:
    definition = standard(**changes)
    try:
        parse_formula(definition)
    except FormulaError as error:
        return FormulaFields(definition, error.faults, {"contract": "Contract"})
    return FormulaFields(definition, (), {"contract": "Contract"})


def test_what_the_fields_show_is_the_whole_formula() -> None:
    fields = fields_of()
    rows = [*fields.measures, *fields.bands]
    shown = [
        *fields.top,
        *fields.rules,
        *fields.scope,
        *(each for row in rows for each in row.fields),
    ]
    typed = {each.name: each.value for each in shown} | {"caps[0].when": fields.cap}

    assert definition_of(typed) == standard()
    assert [each.is_open for each in fields.measures] == [False] * 4
    assert (fields.measures[1].source, fields.measures[1].weight) == ("usage:logins", "40")


def test_each_fault_stands_at_its_field_and_at_no_other() -> None:
    knots = [[0, 0], [5, 50], [5, 60]]
    measure = {"key": "m", "source": "nonsense", "points": knots, "weight": 0}
    fields = fields_of(measures=[measure], min_known_share=7)

    marked = {each.name for each in fields.measures[0].fields if each.faults}
    assert marked == {"measures[0].source", "measures[0].points", "measures[0].weight"}
    assert [each.name for each in fields.rules if each.faults] == ["min_known_share"]
    assert fields.others == []
    assert fields.measures[0].is_open


def test_at_a_field_a_fault_says_in_words_which_point_and_no_path() -> None:
    knots = [[0, 0], [5, 50], [5, 60]]
    fields = fields_of(measures=[{"key": "", "source": "mrr", "points": knots, "weight": 1}])

    said = {each.shape.key: each.faults for each in fields.measures[0].fields if each.faults}
    assert said == {
        "key": ("must be a text of 1 to 50 characters",),
        "points": ("point 3: 5 comes after 5; write the knots by rising value, each value once",),
    }


def test_a_fault_of_a_whole_list_is_said_above() -> None:
    fields = fields_of(bands=[{"name": "good", "from": 70}, {"name": "bad", "from": 10}])

    (said,) = fields.others
    assert said == "Bands: scores below 10 are in no band; let the lowest begin at 0"


@pytest.mark.parametrize("definition", [{}, {"measures": 3}, {"measures": [1], "bands": ["x"]}])
def test_what_is_no_formula_is_shown_as_far_as_it_goes(definition: dict[str, object]) -> None:
    fields = FormulaFields(definition)

    assert [each.value for each in fields.top] == ["", ""]
    assert all(each.value == "" for row in fields.measures for each in row.fields)
