from __future__ import annotations

from api.domain.ids import row_id, shown_id


def test_an_id_of_delighted_and_one_of_ours_are_never_the_same() -> None:
    assert row_id(shown_id(5, None)) == (5, None)
    assert row_id(shown_id(5, 5)) == (None, 5)
    assert shown_id(5, None) != shown_id(5, 5) == "5"


def test_what_is_no_id_finds_nothing() -> None:
    assert [row_id(text) for text in ("", "-1", "1.0", "９", "9" * 19, "a@b")] == [None] * 6
