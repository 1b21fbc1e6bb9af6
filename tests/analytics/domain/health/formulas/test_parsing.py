"""A formula is refused with every fault at its place, or taken as it is."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.health.formulas.faults import FaultCode, FormulaError
from analytics.domain.health.formulas.formula import Aggregate, Direction, Touch
from analytics.domain.health.formulas.parsing import MAX_SIZE, load, parse_formula
from analytics.domain.health.formulas.sources import Source, SourceKind
from tests.analytics.domain.health.formulas.made import standard, with_measure

GOOD = [[0, 0], [10, 100]]


def faults_of(definition: Any) -> list[tuple[str, FaultCode]]:
    with pytest.raises(FormulaError) as caught:
        parse_formula(definition)
    return [(fault.place, fault.code) for fault in caught.value.faults]


def test_the_formula_of_the_contract_is_read() -> None:
    found = parse_formula(standard())

    assert (found.name, found.too_new_days, found.min_known_share) == ("Standard", 30, 0.6)
    assert found.applies_to == {"contract": ("enterprise",)}
    voice, logins, falling, tickets = found.measures
    assert (voice.source, voice.max_age_days) == (Source(SourceKind.NPS_LAST), 365)
    assert voice.knots == ((0, 0), (6, 20), (8, 60), (10, 100))
    assert (logins.knots, logins.per) == (None, Source(SourceKind.SEATS))
    assert (falling.is_change, falling.window_days) == (True, 28)
    assert (tickets.aggregate, tickets.direction) == (Aggregate.COUNT, Direction.LOW_IS_GOOD)
    assert [(band.name, band.lowest, band.touch) for band in found.bands] == [
        ("good", 70, Touch.TECH),
        ("watch", 40, Touch.LOW),
        ("risk", 0, Touch.HIGH),
    ]


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"source": "nps_lats"}, "measures[0].source", FaultCode.SOURCE),
        ({"source": "usage:"}, "measures[0].source", FaultCode.SOURCE),
        ({"source": "mrr:x"}, "measures[0].source", FaultCode.SOURCE),
        ({"source": "seats"}, "measures[0].source", FaultCode.SOURCE),
        ({"source": 7}, "measures[0].source", FaultCode.SOURCE),
        ({"points": [[6, 0], [0, 100]]}, "measures[0].points[1]", FaultCode.KNOTS_ORDER),
        ({"points": [[6, 0], [6, 100]]}, "measures[0].points[1]", FaultCode.KNOTS_ORDER),
        ({"points": [[0, 0], [10, 101]]}, "measures[0].points[1]", FaultCode.KNOT),
        ({"points": [[0, 0], [10]]}, "measures[0].points[1]", FaultCode.KNOT),
        ({"points": [[0, 0], [float("nan"), 1]]}, "measures[0].points[1]", FaultCode.KNOT),
        ({"points": [[0, 0]]}, "measures[0].points", FaultCode.LIST),
        ({"points": [[n, n] for n in range(9)]}, "measures[0].points", FaultCode.LIST),
        ({"points": "rank"}, "measures[0].points", FaultCode.CHOICE),
        ({"weight": 0}, "measures[0].weight", FaultCode.WEIGHT),
        ({"weight": -1}, "measures[0].weight", FaultCode.WEIGHT),
        ({"weight": True}, "measures[0].weight", FaultCode.WEIGHT),
        ({"weight": "10"}, "measures[0].weight", FaultCode.WEIGHT),
        ({"weight": float("inf")}, "measures[0].weight", FaultCode.WEIGHT),
        ({"weight": None}, "measures[0].weight", FaultCode.MISSING),
        ({"wieght": 1}, "measures[0].wieght", FaultCode.UNKNOWN_KEY),
        ({"key": ""}, "measures[0].key", FaultCode.TEXT),
        ({"key": "score"}, "measures[0].key", FaultCode.TWICE),
        ({"window_days": 28}, "measures[0].window_days", FaultCode.NOT_OF_SOURCE),
        ({"aggregate": "sum"}, "measures[0].aggregate", FaultCode.NOT_OF_SOURCE),
        ({"source": "mrr", "max_age_days": 9}, "measures[0].max_age_days", FaultCode.NOT_OF_SOURCE),
        ({"source": "usage:x"}, "measures[0].window_days", FaultCode.WINDOW),
        ({"source": "usage:x", "window_days": 0}, "measures[0].window_days", FaultCode.NUMBER),
        ({"source": "usage:x", "window_days": 1.5}, "measures[0].window_days", FaultCode.NUMBER),
        ({"source": "usage:x", "window_days": 7, "aggregate": "average"},
         "measures[0].aggregate", FaultCode.CHOICE),
        ({"source": "usage:x", "window_days": 7, "change": "last_year"},
         "measures[0].change", FaultCode.CHOICE),
        ({"per": "usage:x"}, "measures[0].per", FaultCode.SOURCE),
        ({"direction": "low_is_good"}, "measures[0].direction", FaultCode.DIRECTION),
    ],
)  # fmt: skip
def test_a_fault_of_a_measure_is_named_at_its_place(
    changes: dict[str, Any], place: str, code: FaultCode
) -> None:
    assert (place, code) in faults_of(with_measure(**changes))


BANDS = [{"name": "good", "from": 70}, {"name": "risk", "from": 0}]


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"name": None}, "name", FaultCode.MISSING),
        ({"unhealthy_means": None}, "unhealthy_means", FaultCode.MISSING),
        ({"unhealthy_means": "  "}, "unhealthy_means", FaultCode.TEXT),
        ({"measures": []}, "measures", FaultCode.LIST),
        ({"measures": "all"}, "measures", FaultCode.LIST),
        ({"bands": None}, "bands", FaultCode.MISSING),
        ({"bands": [BANDS[0], BANDS[0], BANDS[1]]}, "bands", FaultCode.BANDS_OVERLAP),
        ({"bands": [BANDS[0], {"name": "risk", "from": 1}]}, "bands", FaultCode.BANDS_GAP),
        ({"bands": [BANDS[0], {"name": "good", "from": 0}]}, "bands", FaultCode.TWICE),
        ({"bands": [{"name": "good", "from": 101}, BANDS[1]]}, "bands[0].from", FaultCode.NUMBER),
        ({"bands": [BANDS[0], {"name": "r", "from": 0, "touch": "soft"}]},
         "bands[1].touch", FaultCode.CHOICE),
        ({"min_known_share": 0}, "min_known_share", FaultCode.NUMBER),
        ({"too_new_days": -1}, "too_new_days", FaultCode.NUMBER),
        ({"caps": [{"when": "rain", "at_most": 50}]}, "caps[0].when", FaultCode.CHOICE),
        ({"applies_to": {"contract": []}}, "applies_to.contract", FaultCode.LIST),
        ({"applies_to": {"contract": ["a", "a"]}}, "applies_to.contract", FaultCode.TWICE),
        ({"applies_to": ["contract"]}, "applies_to", FaultCode.OBJECT),
        ({"weights": 1}, "weights", FaultCode.UNKNOWN_KEY),
    ],
)  # fmt: skip
def test_a_fault_of_the_whole_is_named_at_its_place(
    changes: dict[str, Any], place: str, code: FaultCode
) -> None:
    assert (place, code) in faults_of(standard(**changes))


def test_all_faults_are_named_at_once_with_their_fix() -> None:
    bad = standard(name="", min_known_share=2)
    bad["measures"][0]["weight"] = 0
    bad["measures"][1]["key"] = "voice"

    with pytest.raises(FormulaError) as caught:
        parse_formula(bad)

    assert [str(fault) for fault in caught.value.faults] == [
        "name: must be a text of 1 to 80 characters",
        "measures[0].weight: must be above 0 and at most 1000; leave out what shall not count",
        "measures: 'voice' is there twice; give each its own name",
        "min_known_share: must be a number from 0.01 to 1",
    ]


def test_bands_may_stand_in_any_order() -> None:
    turned = standard(bands=list(reversed(standard()["bands"])))

    assert parse_formula(turned).bands == parse_formula(standard()).bands


def test_what_is_no_json_is_refused() -> None:
    for text in ("{", "[" * 100_000, "x" * (MAX_SIZE + 1)):
        with pytest.raises(FormulaError):
            load(text)
    assert faults_of([1]) == [("", FaultCode.OBJECT)]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(key=st.sampled_from([*standard()]), value=JSON)
def test_whatever_stands_in_a_key_gives_a_formula_or_faults(key: str, value: Any) -> None:
    with suppress(FormulaError):
        parse_formula(standard() | {key: value})


@given(
    key=st.sampled_from(["source", "points", "weight", "aggregate", "per", "change"]), value=JSON
)
def test_whatever_stands_in_a_measure_gives_a_formula_or_faults(key: str, value: Any) -> None:
    bad = standard()
    bad["measures"][1][key] = value
    with suppress(FormulaError):
        parse_formula(bad)


def test_the_formula_of_the_documents_is_one() -> None:
    text = Path("docs/health.md").read_text()
    (written,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)

    assert [each.key for each in parse_formula(load(written)).measures] == [
        "voice",
        "use",
        "tickets",
    ]
