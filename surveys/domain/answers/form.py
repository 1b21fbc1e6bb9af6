"""What the answer page's form sends, read and checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from accounts.domain.languages import LANGUAGES
from surveys.domain.answers.questions import (
    COMMENT_LIMIT,
    AnswerError,
    Question,
    plain_text,
    read_answers,
)
from surveys.domain.answers.scoring import ScoreError, parse_score

LONGEST_VISIT = 24 * 3600.0

Posted = Mapping[str, Sequence[str]]


class FormFault(StrEnum):
    SCORE = "score"
    COMMENT = "comment"
    FURTHER = "further"


@dataclass(frozen=True, slots=True)
class Form:
    score: int | None
    comment: str
    extra: dict[str, Any]
    signals: dict[str, Any]
    """How long the page was open and what gesture it saw: hints, never proofs."""
    opened: int = 0
    faults: frozenset[FormFault] = field(default=frozenset())


def offered_languages(asked_in: Sequence[str]) -> list[str]:
    """Those of a campaign; one that names none asks each person in their own."""
    return [code for code in asked_in or LANGUAGES if code in LANGUAGES]


def chosen_language(asked: str, *, asked_in: Sequence[str], default: str) -> str:
    return asked if asked in offered_languages(asked_in) else default


def read_form(posted: Posted, *, questions: Sequence[Question], now: dt.datetime) -> Form:
    """Everything that was written, also where part of it is wrong."""
    faults = set()
    score, extra = None, {}
    try:
        score = read_score(posted)
    except ScoreError:
        faults.add(FormFault.SCORE)
    comment = plain_text(last_of(posted, "comment"))
    if len(comment) > COMMENT_LIMIT:
        faults.add(FormFault.COMMENT)
    try:
        extra = read_answers(questions, posted=posted)
    except AnswerError:
        faults.add(FormFault.FURTHER)
    opened = _number(last_of(posted, "opened"))
    signals = _signals(posted, opened=opened, now=now)
    return Form(score, comment, extra, signals, opened or 0, frozenset(faults))


def read_score(posted: Posted) -> int:
    given = posted.get("score", ())
    if len(given) != 1:
        raise ScoreError("one score is needed")
    return parse_score(given[0])


def last_of(posted: Posted, name: str) -> str:
    """The one value of a field; of several the last one counts, as in Django."""
    given = posted.get(name, ())
    return given[-1] if given else ""


def _signals(posted: Posted, *, opened: int | None, now: dt.datetime) -> dict[str, Any]:
    # 0 stands on a form that was shown without the time.
    seconds = now.timestamp() - opened / 1000 if opened else None
    known = seconds is not None and 0 <= seconds <= LONGEST_VISIT
    return {
        "gesture": last_of(posted, "gesture")[:20],
        "seconds": round(seconds, 1) if known and seconds is not None else None,
        "had_get": bool(opened),
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
