from __future__ import annotations

import pytest

from api.domain.bodies import Unreadable, read_body, read_form

FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=utf-8"


def test_a_form_with_brackets_is_read_as_rails_does() -> None:
    text = "email=a%2Bb@x.example&properties[Delighted Email Subject]=Hi+there&expand[]=person"
    text += "&expand[]=notes&properties[a]=1&deep[a][b][c][d][e]=1&odd[=2&]=3&[x]=4"

    assert read_form(text) == {
        "email": "a+b@x.example",
        "properties": {"Delighted Email Subject": "Hi there", "a": "1"},
        "expand": ["person", "notes"],
        "deep": {"a": {"b": {"c": "1"}}},
        "odd[": "2",
        "]": "3",
        "[x]": "4",
    }


@pytest.mark.parametrize("text", ["a=1&a[]=2&a[b]=3", "a[]=1&a[b]=2", "a[b]=1&a[]=2"])
def test_names_that_contradict_each_other_are_no_error(text: str) -> None:
    assert list(read_form(text)) == ["a"]


@pytest.mark.parametrize(
    ("body", "content_type", "found"),
    [
        (b"", "", {}),
        (b"", JSON, {}),
        (b"{}", "", {}),
        (b' {"a": 1}', "text/plain", {"a": 1}),
        (b'{"a": 1}', FORM, {"a": 1}),
        (b"a=1", FORM, {"a": "1"}),
        (b"a=1", "", {"a": "1"}),
        (b'\xef\xbb\xbf{"a": null}', JSON, {"a": None}),
    ],
)
def test_a_body_is_read_by_its_type(body: bytes, content_type: str, found: object) -> None:
    assert read_body(body, content_type) == found


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", JSON),
        (b"[]", JSON),
        (b"1", JSON),
        (b"\xff", JSON),
        (b'{"a":' * 100_000, JSON),
        (b'{"a": ' + b"9" * 5000 + b"}", JSON),
        (b"a=1&" * 2000, FORM),
        (b"--x", "multipart/form-data"),
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(Unreadable):
        read_body(body, content_type)
