from __future__ import annotations

import copy
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from surveys.domain.answers.questions import (
    CHOICES_LIMIT,
    LABEL_LIMIT,
    Fault,
    faults,
    satisfaction_key,
)
from surveys.labels import QUESTION_FAULT_LABELS, question_fault
from surveys.services.campaigns.states import create_campaign

GOOD: dict[str, Any] = {
    "key": "q1",
    "kind": "one",
    "label": {"ja": "課題", "en": ""},
    "choices": [
        {"value": "a", "label": {"en": "Price"}},
        {"value": "b", "label": {"en": "Speed"}},
    ],
}


def changed(**fields: Any) -> dict[str, Any]:
    return {**copy.deepcopy(GOOD), **fields}


def choices(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"value": f"c{at}", "label": {"en": f"{at}"}, **fields} for at in range(count)]


def test_questions_as_the_editor_stores_them_have_no_fault() -> None:
    assert faults([]) == []
    assert faults([GOOD, changed(key="q2", kind="csat", choices=[])]) == []
    assert faults([changed(choices=choices(CHOICES_LIMIT))]) == []
    assert faults([changed(label={"en": "x" * LABEL_LIMIT})]) == []


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ({}, [(0, Fault.SHAPE)]),
        (["q1"], [(1, Fault.SHAPE)]),
        ([changed(key=f"q{at}") for at in range(6)], [(0, Fault.TOO_MANY)]),
        ([changed(key="Q 1")], [(1, Fault.KEY)]),
        ([changed(key=None)], [(1, Fault.KEY)]),
        ([GOOD, GOOD], [(2, Fault.KEY_TWICE)]),
        ([changed(kind="stars")], [(1, Fault.KIND)]),
        ([changed(label={"ja": "", "en": ""})], [(1, Fault.LABEL)]),
        ([changed(label="Hardest?")], [(1, Fault.LABEL)]),
        ([changed(label={"en": 3})], [(1, Fault.LABEL)]),
        ([changed(label={"en": "x" * (LABEL_LIMIT + 1)})], [(1, Fault.TOO_LONG)]),
        ([changed(choices=choices(1))], [(1, Fault.CHOICES)]),
        ([changed(choices=choices(CHOICES_LIMIT + 1))], [(1, Fault.CHOICES)]),
        ([changed(choices=None)], [(1, Fault.CHOICES)]),
        ([changed(choices=choices(2, value="A B"))], [(1, Fault.CHOICE_KEY)]),
        ([changed(choices=["a", "b"])], [(1, Fault.CHOICE_KEY)]),
        ([changed(choices=choices(2, value="a"))], [(1, Fault.CHOICE_TWICE)]),
        ([changed(choices=choices(2, label={}))], [(1, Fault.CHOICE_LABEL)]),
        ([changed(choices=choices(2, label={"en": "x" * 201}))], [(1, Fault.TOO_LONG)]),
    ],
)
def test_each_fault_is_found_at_its_question(
    stored: Any, expected: list[tuple[int, Fault]]
) -> None:
    assert faults(stored) == expected


@pytest.mark.parametrize("fault", Fault)
def test_each_fault_is_told_in_both_languages(fault: Fault) -> None:
    assert QUESTION_FAULT_LABELS.keys() == set(Fault)
    with translation.override("en"):
        english = question_fault(fault, number=2)
    with translation.override("ja"):
        japanese = question_fault(fault, number=2)

    assert english.startswith("Question 2: ")
    assert japanese.startswith("質問 2：")
    assert "%(" not in english + japanese


@pytest.mark.django_db
def test_no_campaign_is_made_with_a_question_that_cannot_be_asked() -> None:
    now = timezone.now()
    create_campaign(name="Good", by=None, now=now, questions=[GOOD])

    with pytest.raises(ValidationError, match="Question 1: Enter 2 to 12 choices"):
        create_campaign(name="Bad", by=None, now=now, questions=[changed(choices=[])])


def test_csat_is_the_first_question_of_satisfaction() -> None:
    text, first, second = (
        {"key": key, "kind": kind, "label": {"en": key}}
        for key, kind in (("why", "text"), ("support", "csat"), ("price", "csat"))
    )

    assert satisfaction_key([text, first, second]) == "support"
    assert satisfaction_key([text]) == satisfaction_key([]) == ""
