from __future__ import annotations

from random import Random

import pytest

from surveys.demo.comments import english, japanese, pick
from tests.surveys.demo.made import World, answers_of, asked_of


def test_comments_speak_of_every_theme_in_both_languages() -> None:
    for module in (english, japanese):
        for sentences in (module.PROMOTER, module.PASSIVE, module.DETRACTOR):
            assert tuple(sentences) == pick.THEMES


def test_comments_are_in_the_language_of_the_respondent(usual: World) -> None:
    wrong = [
        asked.answer.comment
        for asked in asked_of(usual)
        if asked.answer and asked.answer.comment
        if asked.answer.comment.isascii() != (asked.language == "en")
    ]
    written = {answer.comment for answer in answers_of(usual) if answer.comment}

    assert wrong == []
    assert len(written) > 200


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_unhappy_write_most_and_a_comment_fits_its_score(language: str) -> None:
    rng, shares = Random(1), {}
    module = {"ja": japanese, "en": english}[language]
    for score, sentences in ((2, module.DETRACTOR), (8, module.PASSIVE), (10, module.PROMOTER)):
        drawn = [pick.comment(rng, score=score, language=language) for _ in range(2000)]
        written = [(text, theme) for text, theme in drawn if text]
        shares[score] = len(written) / len(drawn)
        assert all(
            any(each in text for each in sentences[theme]) for text, theme in written if theme
        )
        assert {theme for _, theme in written} == {*pick.THEMES, ""}

    assert shares[2] > shares[10] > shares[8] > 0.3
