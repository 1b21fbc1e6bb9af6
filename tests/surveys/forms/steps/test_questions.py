from __future__ import annotations

import copy
from typing import Any

import pytest

from surveys.domain.answers.questions import faults, in_words, questions_in, untranslated
from surveys.forms.steps.questions import question_forms, questions_of

CHOICES = {
    "question-1-kind": "one",
    "question-1-label_ja": "何が一番の課題ですか。",
    "question-1-label_en": "What is hardest?",
    "question-1-choices_ja": "価格\n速度",
    "question-1-choices_en": "Price\nSpeed\n",
    "question-2-kind": "csat",
    "question-2-label_ja": "サポートにご満足ですか。",
}
STORED: list[dict[str, Any]] = [
    {
        "key": "q1",
        "kind": "one",
        "label": {"ja": "何が一番の課題ですか。", "en": "What is hardest?"},
        "choices": [
            {"value": "c1", "label": {"ja": "価格", "en": "Price"}},
            {"value": "c2", "label": {"ja": "速度", "en": "Speed"}},
        ],
    },
    {"key": "q2", "kind": "csat", "label": {"ja": "サポートにご満足ですか。", "en": ""}},
]


def test_questions_are_stored_as_the_answer_page_reads_them() -> None:
    forms = question_forms(CHOICES, stored=[])

    assert all(form.is_valid() for form in forms)
    made = questions_of(forms)
    assert faults(made) == []
    assert len({each.pop("value") for each in made[0]["choices"]}) == 2
    assert made == without_values(STORED)
    assert questions_in(STORED, language="en")[1].label == "サポートにご満足ですか。"


def without_values(questions: list[dict]) -> list[dict]:
    found = copy.deepcopy(questions)
    for question in found:
        for choice in question.get("choices", []):
            del choice["value"]
    return found


def edited(choices_ja: str, choices_en: str, *, stored: list[dict] = STORED) -> list[dict]:
    texts = {"question-1-choices_ja": choices_ja, "question-1-choices_en": choices_en}
    forms = question_forms({**CHOICES, **texts}, stored=stored)
    assert all(form.is_valid() for form in forms)
    return questions_of(forms)


def values(questions: list[dict]) -> list[str]:
    return [choice["value"] for choice in questions[0]["choices"]]


@pytest.mark.parametrize(
    ("choices_ja", "choices_en", "kept"),
    [
        ("価格\n速度", "Price\nSpeed", ["c1", "c2"]),
        ("速度\n価格", "Speed\nPrice", ["c2", "c1"]),
        ("その他\n価格\n速度", "Other\nPrice\nSpeed", [None, "c1", "c2"]),
        # Reworded on its line, and in one language only.
        ("価格\n反応の速さ", "Price\nResponse time", ["c1", "c2"]),
        ("速さ\n価格", "Speed\nCost", ["c2", "c1"]),
        ("速度\nその他", "Speed\nOther", ["c2", None]),
    ],
)
def test_earlier_answers_follow_a_choice_that_is_moved_or_reworded(
    choices_ja: str, choices_en: str, kept: list[str | None]
) -> None:
    found = values(edited(choices_ja, choices_en))

    assert [each if each in ("c1", "c2") else None for each in found] == kept
    assert len(set(found)) == len(found)


def test_a_new_choice_never_takes_the_answers_of_one_that_is_gone() -> None:
    three = edited("価格\n速度\n支援", "Price\nSpeed\nHelp")
    two = edited("価格\n速度", "Price\nSpeed", stored=three)
    other = edited("価格\n速度\n色", "Price\nSpeed\nColour", stored=two)

    assert values(other)[:2] == ["c1", "c2"]
    assert values(other)[2] not in values(three)
    assert values(edited("価格\n速度\n支援", "Price\nSpeed\nHelp", stored=two)) == values(three)


def test_an_edit_keeps_the_key_of_each_question() -> None:
    only_second = {name: text for name, text in CHOICES.items() if "question-2" in name}

    forms = question_forms(only_second, stored=STORED)

    assert all(form.is_valid() for form in forms)
    assert [question["key"] for question in questions_of(forms)] == ["q2"]


def test_stored_questions_come_back_into_the_editor() -> None:
    first = question_forms(None, stored=STORED)[0]

    assert first.initial == {
        "kind": "one",
        "label_ja": "何が一番の課題ですか。",
        "label_en": "What is hardest?",
        "choices_ja": "価格\n速度",
        "choices_en": "Price\nSpeed",
    }


@pytest.mark.parametrize(
    ("change", "field", "error"),
    [
        (
            {"question-1-label_ja": "", "question-1-label_en": ""},
            "label_ja",
            "Write the question in at least one language.",
        ),
        (
            {"question-1-choices_ja": "価格", "question-1-choices_en": ""},
            "choices_en",
            "Enter 2 to 12 choices, one per line.",
        ),
        (
            {"question-1-choices_en": "Price\nSpeed\nOther"},
            "choices_en",
            "Enter as many choices as in the other language.",
        ),
        ({"question-1-kind": ""}, "kind", "Choose how this question is answered."),
    ],
)
def test_a_wrong_question_names_the_fix(change, field, error) -> None:
    form = question_forms({**CHOICES, **change}, stored=[])[0]

    assert not form.is_valid()
    assert form.errors[field] == [error]


def test_a_stored_question_without_kind_is_taken_away() -> None:
    forms = question_forms({**CHOICES, "question-1-kind": ""}, stored=STORED)

    assert all(form.is_valid() for form in forms)
    assert [question["key"] for question in questions_of(forms)] == ["q2"]


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("one", "c2", "Speed"),
        ("several", ["c2", "c1"], "Speed, Price"),
        # Asked for one when it was answered and for several now, or the other way round.
        ("several", "c2", "Speed"),
        ("one", ["c2", "c1"], "Speed, Price"),
        ("one", "gone", "gone"),
        ("csat", 4, 4),
        ("text", "c2", "c2"),
    ],
)
def test_an_answer_reads_as_its_labels(kind: str, given: object, words: object) -> None:
    [question] = questions_in([{**STORED[0], "kind": kind}], language="en")

    assert in_words(question, given) == words


def test_a_question_lacks_a_language_where_its_words_or_one_choice_do() -> None:
    both, half = {"ja": "はい", "en": "Yes"}, {"ja": "", "en": "No"}
    stored = [
        {"key": "q1", "kind": "text", "label": both},
        {"key": "q2", "kind": "text", "label": half},
        {"key": "q3", "kind": "one", "label": both, "choices": [{"value": "a", "label": half}]},
    ]

    assert untranslated(stored, languages=["ja", "en"]) == [(2, "ja"), (3, "ja")]
    assert untranslated(stored, languages=["en"]) == []
