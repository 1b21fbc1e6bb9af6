"""Answers as files: for people to read, and for Koe, where importing them changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.domain.imports.cells.values import comment_as_read
from accounts.domain.imports.file_columns import FileKind, columns
from accounts.domain.segments import MRR, NUMBERS, number_in
from accounts.queries.exports import CHUNK, Line, in_turns, written
from accounts.queries.values import labels_of_segments
from surveys.domain.answers.origin import own_id, title_of
from surveys.domain.answers.questions import Question, in_words, questions_in
from surveys.models import Campaign, Response
from surveys.queries.answers.responses import responses_of_all

# Of the file for people: what it is called, and where it is found.
EXPORTED = {
    "answered_at": "answered_at",
    "score": "score",
    "category": "category",
    "comment": "comment",
    "name": "invitation__respondent__name",
    "email": "invitation__respondent__email",
    "customer_id": "invitation__respondent__customer__customer_id",
    "customer": "invitation__respondent__customer__name",
    "role": "invitation__respondent__role",
    "language": "invitation__language",
    "campaign": "invitation__campaign__name",
    "invited_at": "invitation__sent_at",
    "tags": "tags",
    "note": "note",
    "response_id": "response_id",
}
MORE = ("customer_state", "mrr_when_asked")
# What these are read from, and the frozen segments and the answers to further questions.
READ_BESIDE = (
    "invitation__public_id", "invitation__respondent__customer__churned_on",
    "invitation__respondent__customer", "invitation__attributes",
    "invitation__profile__values", "invitation__campaign", "extra",
)  # fmt: skip


# By column, what a reader calls its values.
Words = Mapping[str, Mapping[Any, Any]]


@dataclass(frozen=True)
class ExportTable:
    header: list[str]
    rows: Iterator[list[Any]]


def export_table(
    found: QuerySet[Response], *, language: str, today: dt.date, words: Words | None = None
) -> ExportTable:
    """All that is found, its segments as they were frozen, one column for each extra question.

    The words of the questions are in one language; `words`: of the values of a column, for people.
    """
    asked = _questions_of(found, language=language)
    places = _places(asked)
    segments = [name for name in labels_of_segments() if name not in EXPORTED]
    rows = _Rows(asked, places, segments, today, words or {})
    return ExportTable([*EXPORTED, *MORE, *segments, *places], map(rows.row, rows.read(found)))


@dataclass(frozen=True)
class _Rows:
    asked: Mapping[int, Mapping[str, Question]]
    places: Mapping[str, int]
    segments: Sequence[str]
    today: dt.date
    words: Words

    def read(self, found: QuerySet[Response]) -> Iterator[tuple[Any, ...]]:
        return _read(found, [*EXPORTED.values(), *READ_BESIDE])

    def row(self, values: Sequence[Any]) -> list[Any]:
        public_id, churned_on, customer, attributes, profile, campaign, extra = values[-7:]
        row = dict(zip(EXPORTED, values, strict=False))
        row["role"] = attributes.get("role", row["role"])
        row["response_id"] = row["response_id"] or own_id(public_id)
        row["customer_state"] = self._state(churned_on) if customer else ""
        row["mrr_when_asked"] = number_in(attributes.get(MRR) or "")
        for name, words in self.words.items():
            row[name] = words.get(row[name], row[name])
        frozen = profile or {}
        segments = (frozen.get(name, "") for name in self.segments)
        return [*row.values(), *segments, *self._further(campaign, extra)]

    def _state(self, churned_on: dt.date | None) -> str:
        return "churned" if churned_on and churned_on <= self.today else "active"

    def _further(self, campaign: int, extra: Mapping[str, Any]) -> list[Any]:
        further: list[Any] = [None] * len(self.places)
        for column, question in self.asked.get(campaign, {}).items():
            if question.key in extra:
                further[self.places[column]] = in_words(question, extra[question.key])
        return further


def _read(found: QuerySet[Response], names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """PostgreSQL joins all in one go and holds the result apart: no transaction lasts as long as a
    reader is slow. SQLite would hold its log, and is read in turns."""
    if connection.vendor == "postgresql":
        yield from found.values_list(*names).iterator(chunk_size=CHUNK)
        return
    for ids in in_turns(found):
        yield from responses_of_all().filter(pk__in=ids).values_list(*names)


def _questions_of(found: QuerySet[Response], *, language: str) -> dict[int, dict[str, Question]]:
    """Campaign to its extra questions by the name of their column.

    A question that several campaigns ask in the same words has one column; one that a campaign asks
    twice has two.
    """
    ids = found.order_by().values("invitation__campaign")
    campaigns = Campaign.objects.filter(pk__in=ids).exclude(questions=[]).order_by("pk")
    asked: dict[int, dict[str, Question]] = {}
    for pk, stored in campaigns.values_list("pk", "questions"):
        columns = asked.setdefault(pk, {})
        for question in questions_in(stored, language=language):
            name = question.label
            columns[f"{name} ({question.key})" if name in columns else name] = question
    return asked


def _places(asked: Mapping[int, Mapping[str, Question]]) -> dict[str, int]:
    columns = dict.fromkeys(column for questions in asked.values() for column in questions)
    return {column: place for place, column in enumerate(columns)}


# The columns of an import, and where each is found.
COLUMNS = {
    "email": "invitation__respondent__email",
    "score": "score",
    "answered_at": "answered_at",
    "customer_id": "invitation__respondent__customer__customer_id",
    "comment": "comment",
    "language": "invitation__language",
    "campaign": "invitation__campaign__name",
    "invited_at": "invitation__sent_at",
    "response_id": "response_id",
}


def exported_responses(found: QuerySet[Response]) -> Iterator[Line]:
    """The header, then the rows as texts, with the attributes as they were frozen.

    Without those of erased persons, whom no file may bring back.
    """
    found = found.exclude(invitation__respondent__email="")
    known = columns(FileKind.RESPONSES)
    attributes = sorted(_attribute_names(found) - known.keys() - NUMBERS)
    yield [*known, *attributes]
    names = [*COLUMNS.values(), "invitation__public_id", "invitation__attributes"]
    for *values, public_id, frozen in _read(found, names):
        row = dict(zip(COLUMNS, values, strict=True))
        row |= _as_read(row, public_id=public_id)
        further = (frozen.get(name, "") for name in attributes)
        yield [*(written(row[name]) for name in known), *map(written, further)]


def _as_read(row: Mapping[str, Any], *, public_id: str) -> dict[str, Any]:
    """What an import makes of these cells, so that it finds them as they are."""
    asked = row["invited_at"]
    return {
        "comment": comment_as_read(row["comment"]),
        "campaign": title_of(row["campaign"]),
        # The clocks of two machines differ; nobody answers before being asked.
        "invited_at": asked if asked and asked <= row["answered_at"] else None,
        "response_id": row["response_id"] or own_id(public_id),
    }


def _attribute_names(found: QuerySet[Response]) -> set[str]:
    told = _read(found, ["invitation__attributes"])
    return {name for (frozen,) in told for name in frozen}
