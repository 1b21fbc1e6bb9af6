"""The extra questions of a campaign: read from what is stored, checked, and their answers."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

QUESTIONS_LIMIT = 5
CHOICES_LIMIT = 12
LABEL_LIMIT = 200
SHORT_TEXT_LIMIT = 500
COMMENT_LIMIT = 5_000
SATISFACTION = ("1", "2", "3", "4", "5")
SATISFIED_FROM = 4
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")


class Kind(StrEnum):
    CSAT = "csat"
    ONE = "one"
    SEVERAL = "several"
    TEXT = "text"


class Fault(StrEnum):
    """What keeps a question from being asked."""

    SHAPE = "shape"
    TOO_MANY = "too_many"
    KEY = "key"
    KEY_TWICE = "key_twice"
    KIND = "kind"
    LABEL = "label"
    CHOICES = "choices"
    CHOICE_KEY = "choice_key"
    CHOICE_TWICE = "choice_twice"
    CHOICE_LABEL = "choice_label"
    TOO_LONG = "too_long"


class AnswerError(ValueError):
    """An answer that the form cannot have sent; `key` is the question's."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    kind: Kind
    label: str
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def field(self) -> str:
        return f"q_{self.key}"


def questions_in(stored: Iterable[Mapping[str, Any]], *, language: str) -> tuple[Question, ...]:
    """The questions in one language; where it lacks a text, in the other one."""
    return tuple(
        Question(
            key=each["key"],
            kind=Kind(each["kind"]),
            label=_in(each["label"], language),
            choices=_choices(each, language),
        )
        for each in stored
    )


def satisfaction_key(stored: Iterable[Mapping[str, Any]]) -> str:
    """Of the question whose answers are the campaign's CSAT: the first one of satisfaction."""
    return next((each["key"] for each in stored if each["kind"] == Kind.CSAT), "")


def untranslated(
    stored: Iterable[Mapping[str, Any]], *, languages: Iterable[str]
) -> list[tuple[int, str]]:
    """Number of each question that a language lacks a text of, and the language."""
    asked_in = list(languages)
    return [
        (number, language)
        for number, each in enumerate(stored, start=1)
        for language in asked_in
        if not all(texts.get(language) for texts in _texts_of(each))
    ]


def faults(stored: Any) -> list[tuple[int, Fault]]:
    """What is wrong with the questions of a campaign, each with the number of its question."""
    if not isinstance(stored, list):
        return [(0, Fault.SHAPE)]
    found = [(0, Fault.TOO_MANY)] if len(stored) > QUESTIONS_LIMIT else []
    keys = [each.get("key") for each in stored if isinstance(each, dict)]
    for number, each in enumerate(stored, start=1):
        found += [(number, fault) for fault in faults_of(each)]
        if isinstance(each, dict) and each.get("key") in keys[: number - 1]:
            found.append((number, Fault.KEY_TWICE))
    return found


def faults_of(stored: Any) -> list[Fault]:
    if not isinstance(stored, dict):
        return [Fault.SHAPE]
    found = []
    if not isinstance(stored.get("key"), str) or not _KEY.fullmatch(stored["key"]):
        found.append(Fault.KEY)
    if stored.get("kind") not in set(Kind):
        found.append(Fault.KIND)
    found += _label_faults(stored.get("label"), missing=Fault.LABEL)
    if stored.get("kind") in (Kind.ONE, Kind.SEVERAL):
        found += _choice_faults(stored.get("choices"))
    return found


def read_answers(
    questions: Sequence[Question], *, posted: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Question key to answer; what was left out is absent. AnswerError for what cannot be."""
    found: dict[str, Any] = {}
    for question in questions:
        given = [value for value in posted.get(question.field, ()) if value.strip()]
        if given:
            found[question.key] = _read(question, given)
    return found


def in_words(question: Question, given: Any) -> Any:
    """An answer as a reader wants it: its labels instead of the values it is stored by.

    The question may have asked for one choice when it was given, and for several by now.
    """
    chosen = question.kind in (Kind.ONE, Kind.SEVERAL)
    labels: dict[Any, str] = dict(question.choices) if chosen else {}
    if isinstance(given, list):
        return ", ".join(str(labels.get(value, value)) for value in given)
    return labels.get(given, given)


def answers_in_words(
    questions: Sequence[Question], given: Mapping[str, Any]
) -> list[tuple[str, Any]]:
    """Question and answer; what was asked by a question that is gone goes by its key."""
    known = [
        (each.label, in_words(each, given[each.key])) for each in questions if each.key in given
    ]
    keys = {each.key for each in questions}
    return known + [(key, answer) for key, answer in given.items() if key not in keys]


def choices_kept(
    labels: Sequence[Mapping[str, str]], *, stored: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The choices as they are stored, each with the value that earlier answers know it by.

    A choice is the one of before that has its text in some language, wherever it stands now; else
    the one of its line, reworded. A new one gets a value that no other text has had.
    """
    left = {each["value"]: each["label"] for each in stored}
    values: list[str] = []
    for label in labels:
        same = (value for value, before in left.items() if _shares_text(label, before))
        values.append(next(same, ""))
        left.pop(values[-1], None)
    for line, (value, before) in enumerate(zip(values, stored, strict=False)):
        if not value and before["value"] in left:
            values[line] = before["value"]
    return [
        {"value": value or _value_of(label), "label": dict(label)}
        for value, label in zip(values, labels, strict=True)
    ]


def _shares_text(label: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return any(text and other.get(language) == text for language, text in label.items())


def _value_of(label: Mapping[str, str]) -> str:
    text = "\n".join(f"{language}={text}" for language, text in sorted(label.items()))
    return f"c{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def plain_text(text: str) -> str:
    """Text as people write it: one kind of line end, no control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
    ).strip()


def _read(question: Question, given: Sequence[str]) -> Any:
    if question.kind is Kind.TEXT:
        text = plain_text(given[0])
        if len(given) > 1 or len(text) > SHORT_TEXT_LIMIT:
            raise AnswerError(question.key)
        return text
    allowed = [value for value, _ in question.choices]
    if any(value not in allowed for value in given):
        raise AnswerError(question.key)
    if question.kind is Kind.SEVERAL:
        return [value for value in allowed if value in given]
    if len(given) > 1:
        raise AnswerError(question.key)
    return int(given[0]) if question.kind is Kind.CSAT else given[0]


def _choices(stored: Mapping[str, Any], language: str) -> tuple[tuple[str, str], ...]:
    if stored["kind"] == Kind.CSAT:
        return tuple((value, value) for value in SATISFACTION)
    return tuple(
        (each["value"], _in(each["label"], language)) for each in stored.get("choices", ())
    )


def _texts_of(stored: Mapping[str, Any]) -> list[Mapping[str, str]]:
    return [stored["label"], *(each["label"] for each in stored.get("choices", ()))]


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next((text for text in texts.values() if text), "")


def _choice_faults(choices: Any) -> list[Fault]:
    if not isinstance(choices, list) or not 2 <= len(choices) <= CHOICES_LIMIT:
        return [Fault.CHOICES]
    values = [each.get("value") if isinstance(each, dict) else None for each in choices]
    if not all(isinstance(value, str) and _KEY.fullmatch(value) for value in values):
        return [Fault.CHOICE_KEY]
    if len(set(values)) < len(values):
        return [Fault.CHOICE_TWICE]
    labels = [each.get("label") for each in choices]
    wrong = (fault for each in labels for fault in _label_faults(each, missing=Fault.CHOICE_LABEL))
    return list(dict.fromkeys(wrong))


def _label_faults(label: Any, *, missing: Fault) -> list[Fault]:
    if not isinstance(label, dict) or not any(label.values()):
        return [missing]
    if not all(isinstance(text, str) for text in label.values()):
        return [missing]
    return [Fault.TOO_LONG] if any(len(text) > LABEL_LIMIT for text in label.values()) else []
