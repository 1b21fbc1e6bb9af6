from __future__ import annotations

import pytest

from surveys.domain.questions import faults, questions_in
from surveys.question_forms import question_forms, questions_of

CHOICES = {
    "question-1-kind": "one",
    "question-1-label_ja": "何が一番の課題ですか。",
    "question-1-label_en": "What is hardest?",
    "question-1-choices_ja": "価格\n速度",
    "question-1-choices_en": "Price\nSpeed\n",
    "question-2-kind": "csat",
    "question-2-label_ja": "サポートにご満足ですか。",
}
STORED = [
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
    assert questions_of(forms) == STORED
    assert faults(questions_of(forms)) == []
    assert questions_in(STORED, language="en")[1].label == "サポートにご満足ですか。"


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
            "Write 2 to 12 choices, one a line.",
        ),
        (
            {"question-1-choices_en": "Price\nSpeed\nOther"},
            "choices_en",
            "Write as many choices as in the other language.",
        ),
        ({"question-1-kind": ""}, "kind", "Choose how this question is answered."),
    ],
)
def test_a_wrong_question_names_the_mend(change, field, error) -> None:
    form = question_forms({**CHOICES, **change}, stored=[])[0]

    assert not form.is_valid()
    assert form.errors[field] == [error]


def test_a_stored_question_without_kind_is_taken_away() -> None:
    forms = question_forms({**CHOICES, "question-1-kind": ""}, stored=STORED)

    assert all(form.is_valid() for form in forms)
    assert [question["key"] for question in questions_of(forms)] == ["q2"]
