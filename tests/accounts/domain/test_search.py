from __future__ import annotations

import pytest

from accounts.domain.search import excerpt, spellings, words_of


def test_words_are_divided_by_spaces_of_both_widths() -> None:
    assert words_of(" 請求書　遅い  bill\n") == ["請求書", "遅い", "bill"]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("bill", ["bill"]),
        ("ＢＩＬＬ", ["ＢＩＬＬ", "BILL"]),
        ("請求", ["請求"]),
        ("さくら", ["さくら", "サクラ"]),
        ("ｻｸﾗ", ["ｻｸﾗ", "サクラ", "さくら"]),
        ("ヴー", ["ヴー", "ゔー"]),
    ],
)
def test_a_word_in_its_width_and_in_either_kana(word: str, found: list[str]) -> None:
    assert spellings(word) == found


def test_an_excerpt_stands_around_the_first_word_and_names_each() -> None:
    text = "x" * 50 + " the BILL is late,\n the bill " + "y" * 50

    assert excerpt(text, ["bill"], around=12) == [
        ("…", False), ("xxxxxxx the ", False), ("BILL", True),
        (" is late, the ", False), ("bill", True), (" y…", False),
    ]  # fmt: skip


def test_an_excerpt_of_a_short_text_is_the_text() -> None:
    assert excerpt("請求書がサクラ色", ["さくら"], around=50) == [
        ("請求書が", False), ("サクラ", True), ("色", False),
    ]  # fmt: skip
    assert excerpt("nothing", ["zzz"], around=50) == [("nothing", False)]
    # Small, this letter is two: places in it are those of the text all the same.
    assert excerpt("İ bill", ["bill"], around=50) == [("İ ", False), ("bill", True)]


def test_words_that_overlap_are_marked_once() -> None:
    assert excerpt("billing", ["bill", "billing"], around=9) == [("bill", True), ("ing", False)]
