from __future__ import annotations

import pytest

from surveys.domain.campaigns.ranges import Kind, Range, kind_of, ranges_from


@pytest.mark.parametrize(
    ("values", "rows", "kind"),
    [
        (["", "enterprise", "starter"], 100, Kind.VALUES),
        ([str(number * 7) for number in range(34)], 100, Kind.NUMBER),
        (["1", "2", "3"], 100, Kind.VALUES),
        (["2026-01-01", "2025-04-30", ""], 100, Kind.DATE),
        ([f"Note about customer {number}" for number in range(30)], 31, Kind.NOTHING),
        ([f"crm-{number}" for number in range(51)], 5000, Kind.NOTHING),
        (["They said that the import takes too long, and asked for a call next week."], 9,
         Kind.NOTHING),
        # Few customers, each with its own of a few words: still segments.
        (["Tokyo", "Osaka", "Kyoto"], 3, Kind.VALUES),
        ([], 0, Kind.VALUES),
    ],
)  # fmt: skip
def test_numbers_and_dates_are_spans_and_notes_and_ids_are_not_offered(
    values: list[str], rows: int, kind: Kind
) -> None:
    assert kind_of(values, rows=rows) is kind


@pytest.mark.parametrize(
    ("stored", "text", "holds"),
    [
        ({"from": "1000"}, "1,000", True),
        ({"from": "1000"}, "999.99", False),
        ({"from": "1000", "to": "2000"}, "2000", True),
        ({"to": "2000"}, "2001", False),
        ({"to": "2000"}, "", False),
        ({"from": "2026-01-01"}, "2026-01-01", True),
        ({"from": "2026-01-01", "to": "2026-03-31"}, "2026-04-01", False),
        ({"to": "2026-03-31"}, "20260101", False),
    ],
)
def test_a_span_holds_its_ends_and_nothing_that_is_not_known(
    stored: dict[str, str], text: str, holds: bool
) -> None:
    assert ranges_from({"seats": stored})["seats"].holds(text) is holds


def test_a_span_without_ends_is_none() -> None:
    assert ranges_from({"seats": {"from": "", "to": ""}, "mrr": {}}) == {}
    assert Range().holds("5")
