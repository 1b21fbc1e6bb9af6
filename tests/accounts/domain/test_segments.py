from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.segments import (
    MRR,
    TENURE,
    TENURE_BANDS,
    Bands,
    Definition,
    SegmentError,
    bands_at,
    bands_from,
    dimension_name,
    matches,
    number_in,
    parse_conditions,
    tenure_on,
)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("contract", "contract"),
        ("Contract Size (JPY)", "contract_size_jpy"),
        (" Payment-Method ", "payment_method"),
        ("customerID", "customer_id"),
        ("internetService", "internet_service"),
        ("MRR", "mrr"),
        ("ＰＬＡＮ", "plan"),
        ("契約　規模", "契約_規模"),
        ("_hidden__name_", "hidden_name"),
        ("a" * 50, "a" * 50),
    ],
)
def test_dimension_name_is_snake_case(header: str, name: str) -> None:
    assert dimension_name(header) == name
    assert dimension_name(name) == name


@pytest.mark.parametrize("header", ["", "  ", "___", "2nd plan", "a" * 51, "!?"])
def test_dimension_name_refuses_what_cannot_be_a_name(header: str) -> None:
    with pytest.raises(SegmentError) as refused:
        dimension_name(header)
    assert str(refused.value) == (
        f"'{header.strip()}' cannot be a column name: begin with a letter and use at most 50 "
        "letters, digits or underscores"
    )


def test_parse_conditions_joins_values_of_a_dimension() -> None:
    texts = ["plan=pro", "region=Kansai", "Plan = team ", "plan=pro", "note=a=b", "region="]
    assert parse_conditions(texts) == {
        "plan": ["pro", "team"],
        "region": ["Kansai", ""],
        "note": ["a=b"],
    }


def test_parse_conditions_refuses_text_without_equals() -> None:
    with pytest.raises(SegmentError) as refused:
        parse_conditions(["plan:pro"])
    assert str(refused.value) == "'plan:pro' is not a condition; write DIMENSION=VALUE"


NAMES = st.sampled_from(["plan", "region", "contract_size", "契約"])
VALUES = st.text(st.characters(blacklist_categories=["Cs"]), max_size=8).map(str.strip)


@given(st.dictionaries(NAMES, st.lists(VALUES, min_size=1, max_size=3, unique=True)))
def test_conditions_read_back_as_written(audience: dict[str, list[str]]) -> None:
    written = [f"{name}={value}" for name, values in audience.items() for value in values]
    assert parse_conditions(written) == audience


def matching(attributes: dict[str, str], audience: dict[str, list[str]]) -> bool:
    wanted = [(Definition(name, name), values) for name, values in audience.items()]
    return matches(attributes, wanted=wanted)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"plan": "pro", "region": "Kansai"}, True),
        ({"plan": "team", "region": "Kansai", "other": "x"}, True),
        ({"plan": "free", "region": "Kansai"}, False),
        ({"plan": "pro", "region": "Kanto"}, False),
        ({"plan": "pro"}, False),
        ({}, False),
    ],
)
def test_matches_is_or_within_and_and_between(attributes: dict[str, str], expected: bool) -> None:
    audience = {"plan": ["pro", "team"], "region": ["Kansai"]}
    assert matching(attributes, audience) is expected


def test_matches_takes_everybody_without_conditions_and_unknown_when_asked() -> None:
    assert matching({"plan": "pro"}, {}) is True
    assert matching({}, {"plan": [""]}) is True
    assert matching({"plan": "pro"}, {"plan": [""]}) is False
    assert matching({"plan": "pro"}, {"plan": []}) is False


@pytest.mark.parametrize(
    ("number", "label"),
    [
        ("-1", "small"),
        ("999.99", "small"),
        ("1000", "medium"),
        ("4999.99", "medium"),
        ("5000", "large"),
        ("1000000", "large"),
    ],
)
def test_bands_label_includes_the_lower_threshold(number: str, label: str) -> None:
    bands = Bands((Decimal(1000), Decimal(5000)), ("small", "medium", "large"))
    assert bands.label(Decimal(number)) == label


def test_bands_label_of_no_number_is_unknown() -> None:
    assert bands_at([Decimal(1)]).label(None) == ""


def test_bands_at_labels_by_threshold() -> None:
    assert bands_at([Decimal(1000), Decimal(5000)]).labels == (
        "< 1,000",
        "1,000 ≤ x < 5,000",
        "≥ 5,000",
    )
    assert bands_at([Decimal("0.5")]).labels == ("< 0.5", "≥ 0.5")


@pytest.mark.parametrize("thresholds", [[], [5, 5], [5, 4]])
def test_bands_refuse_thresholds_out_of_order(thresholds: list[int]) -> None:
    with pytest.raises(SegmentError) as refused:
        bands_at(map(Decimal, thresholds))
    assert str(refused.value) == ("the thresholds must be given in ascending order, each only once")


def test_bands_without_thresholds_are_refused() -> None:
    with pytest.raises(SegmentError):
        Bands((), ("all",))


@pytest.mark.parametrize("labels", [("a",), ("a", "b", "c"), ("a", "a"), ("a", " ")])
def test_bands_refuse_wrong_labels(labels: tuple[str, ...]) -> None:
    with pytest.raises(SegmentError) as refused:
        Bands((Decimal(1),), labels)
    assert str(refused.value) == ("1 thresholds make 2 bands; give that many labels, all different")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", Decimal(12)),
        ("1,234.5", Decimal("1234.5")),
        ("-3", Decimal(-3)),
        ("１２", Decimal(12)),
        ("", None),
        ("many", None),
        ("1e3", None),
        ("nan", None),
    ],
)
def test_number_in_reads_plain_numbers_only(text: str, number: Decimal | None) -> None:
    assert number_in(text) == number


BANDS = Bands((Decimal(2), Decimal(5)), ("low", "middle", "high"))


def test_a_definition_as_it_is_gives_the_attribute() -> None:
    plan = Definition("plan", "plan")
    assert (plan.value({"plan": "pro"}), plan.value({})) == ("pro", "")


@pytest.mark.parametrize(
    ("usage", "seats", "label"),
    [
        ("3.9", "2", "low"),
        ("4", "2", "middle"),
        ("9.99", "2", "middle"),
        ("10", "2", "high"),
        ("0", "7", "low"),
        ("1,000", "200", "high"),
        ("10", "0", ""),
        ("10", "0.00", ""),
        ("0", "0", ""),
        ("10", "", ""),
        ("", "2", ""),
        ("many", "2", ""),
        ("10", None, ""),
        (None, "2", ""),
    ],
)
def test_a_ratio_is_banded(usage: str | None, seats: str | None, label: str) -> None:
    read = {"usage": usage, "seats": seats, "usage_per_seat": "99"}
    attributes = {name: value for name, value in read.items() if value is not None}
    definition = Definition("usage_per_seat", "usage", BANDS, "seats")

    assert definition.value(attributes) == label
    assert definition.reads == ("usage", "seats")


def test_mrr_is_read_where_no_column_can_stand() -> None:
    size = Definition("size", MRR, BANDS)
    assert size.value({MRR: "4.99", "mrr": "100"}) == "middle"
    assert size.value({"mrr": "100", "size": "low"}) == ""
    # A column of that name is imported under another one.
    assert dimension_name(MRR) != MRR


@pytest.mark.parametrize("reads", [(MRR, ""), ("usage", "seats")])
def test_numbers_of_their_own_need_bands(reads: tuple[str, str]) -> None:
    attribute, divisor = reads
    with pytest.raises(SegmentError) as refused:
        Definition("size", attribute, None, divisor)
    assert str(refused.value) == (
        "numbers that differ from customer to customer need bands; write at least one threshold"
    )


@pytest.mark.parametrize(
    ("started", "day", "months"),
    [
        ("2026-03-15", "2026-03-15", "0"),
        ("2026-03-15", "2026-04-14", "0"),
        ("2026-03-15", "2026-04-15", "1"),
        ("2025-01-31", "2025-03-01", "1"),
        ("2024-02-29", "2026-02-28", "23"),
        ("2026-03-15", "2026-01-01", "0"),
    ],
)
def test_tenure_is_the_whole_months_since_the_start(started: str, day: str, months: str) -> None:
    assert tenure_on(dt.date.fromisoformat(day), dt.date.fromisoformat(started)) == months


def test_without_a_start_tenure_is_unknown_and_it_needs_bands() -> None:
    assert tenure_on(dt.date(2026, 1, 1), None) == ""
    with pytest.raises(SegmentError):
        Definition("tenure", TENURE)
    bands = bands_from(TENURE_BANDS)
    values = [Definition("tenure", TENURE, bands).value({TENURE: each}) for each in ("2", "3", "")]
    assert values == ["0-2", "3-11", ""]
