from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.imports.cells.numbers import read_score
from accounts.domain.reasons import Refused
from surveys.domain.answers.scoring import Category, ScoreError, category, parse_score

CATEGORIES = ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2


@pytest.mark.parametrize("score", range(11))
def test_category_of_each_score(score: int) -> None:
    assert category(score) == CATEGORIES[score]


@pytest.mark.parametrize("score", [-1, 11])
def test_category_refuses_what_is_no_score(score: int) -> None:
    with pytest.raises(ScoreError):
        category(score)


@pytest.mark.parametrize("score", range(11))
def test_parse_score_takes_each_score(score: int) -> None:
    assert parse_score(str(score)) == score


@pytest.mark.parametrize(
    "text",
    ["-1", "11", "5.5", "９", "", " 9", "9 ", "09", "+9", "1e1", "1_0", "0x9", "９０", "9\n", "⁹"],
)
def test_parse_score_refuses_other_spellings(text: str) -> None:
    with pytest.raises(ScoreError) as refused:
        parse_score(text)
    assert str(refused.value) == f"{text!r} is not a whole number from 0 to 10"


# Digits in other shapes (²) are read by imports alone, as files have them.
WITHOUT_DIGITS = st.text(st.characters(exclude_categories=["N"]), max_size=3).map(str.strip)


@given(st.one_of(st.integers(-20, 20).map(str), WITHOUT_DIGITS))
def test_imports_and_the_answer_page_agree_on_scores(text: str) -> None:
    try:
        expected = parse_score(text)
    except ScoreError:
        with pytest.raises(Refused):
            read_score(text)
    else:
        assert read_score(text) == expected


def test_count_by_category() -> None:
    counts = Counter(map(category, [0, 6, 7, 8, 9, 10, 10]))
    assert counts == {Category.PROMOTER: 3, Category.PASSIVE: 2, Category.DETRACTOR: 2}
    assert counts.total() == 7


def test_category_has_three_values() -> None:
    assert list(Category) == ["promoter", "passive", "detractor"]
