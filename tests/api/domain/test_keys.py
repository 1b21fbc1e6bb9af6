from __future__ import annotations

import pytest

from api.domain.keys import digest_of, key_in, key_text, prefix_in
from tests.api.calling import basic

KEY = key_text("ab12cd34", "s" * 43)


@pytest.mark.parametrize(
    "header",
    [
        # Delighted's Python client, then its others.
        basic(KEY),
        basic(f"{KEY}:"),
        basic(f"{KEY}:password"),
        basic(KEY).replace("Basic", "basic"),
        f"Bearer {KEY}",
    ],
)
def test_a_key_is_read_from_every_form_of_the_header(header: str) -> None:
    assert key_in(header) == KEY


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ###",
        "Basic AB",
        "Digest x",
        KEY,
        "Basic /////w==",
        "Basic " + "A" * 9999,
    ],
)
def test_no_header_is_an_error(header: str) -> None:
    assert prefix_in(key_in(header)) is None


def test_only_what_looks_like_a_key_is_looked_for() -> None:
    assert prefix_in(KEY) == "ab12cd34"
    assert [prefix_in(each) for each in (KEY + "\n", KEY[:-1], KEY.upper(), "")] == [None] * 4


def test_a_digest_tells_keys_apart_and_does_not_hold_them() -> None:
    assert len(digest_of(KEY)) == 64
    assert digest_of(KEY) != digest_of(key_text("ab12cd34", "t" * 43))
    assert "s" * 8 not in digest_of(KEY)
