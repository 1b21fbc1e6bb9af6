from __future__ import annotations

import json

import pytest

from surveys.domain.mail.references import (
    AT_MOST,
    REFERENCE_HEADERS,
    message_ids_in,
    reference_header,
    references_in,
)


@pytest.mark.parametrize("provider", REFERENCE_HEADERS)
def test_each_header_is_of_the_form_that_its_provider_reads(provider: str) -> None:
    [(name, value)] = reference_header(provider, "abc-_123").items()

    assert name.isascii()
    assert "abc-_123" in value
    if value.startswith("{"):
        assert "abc-_123" in json.dumps(json.loads(value))
    assert reference_header("", "abc") == {}


def test_references_and_ids_are_found_by_their_fields_however_deep() -> None:
    event = {
        "mail": {
            "tags": {"reference": ["r1"], "other": ["x"]},
            "headers": [{"name": "Message-ID", "value": "<m1>"}, {"name": "X", "value": "y"}],
        },
        "message": {"tag": "r2", "message_id": "m2"},
    }

    assert references_in(event) == ["r1", "r2"]
    assert message_ids_in(event) == ["<m1>", "m2"]


@pytest.mark.parametrize("event", [None, 7, "x", [], {}, {"reference": None}, {"tag": [1, 2]}])
def test_what_has_none_gives_none(event: object) -> None:
    assert (references_in(event), message_ids_in(event)) == ([], [])


def test_a_hostile_event_is_read_to_a_limit() -> None:
    deep: object = {"reference": "r"}
    for _ in range(200):
        deep = [deep]
    assert references_in(deep) == []
    assert len(references_in([{"tag": "t"}] * 10_000)) == AT_MOST
