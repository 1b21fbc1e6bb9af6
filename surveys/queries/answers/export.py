"""Answers as files: for people to read, and for Koe, where importing them changes nothing."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from accounts.domain.imports.cells import read_comment
from accounts.domain.imports.file_columns import FileKind, columns
from accounts.domain.segments import NUMBERS
from accounts.queries.exports import Line, written
from surveys.domain.answers.origin import own_id, title_of
from surveys.domain.answers.questions import Question, in_words, questions_in
from surveys.models import Campaign, Response
from surveys.queries.answers.responses import responses_of_all

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
    "campaign": "invitation__campaign__slug",
    "invited_at": "invitation__sent_at",
    "tags": "tags",
    "note": "note",
    "response_id": "response_id",
}
EXPORT_BATCH = 2000


@dataclass(frozen=True)
class ExportTable:
    header: list[str]
    rows: Iterator[list[Any]]


def export_table(found: QuerySet[Response], *, language: str) -> ExportTable:
    """All that is found, one column for each extra question, its words in one language."""
    asked = _questions_of(found, language=language)
    places = _places(asked)
    return ExportTable([*EXPORTED, *places], _export_rows(found, asked, places))


def _export_rows(
    found: QuerySet[Response],
    asked: Mapping[int, Mapping[str, Question]],
    places: Mapping[str, int],
) -> Iterator[list[Any]]:
    zone = ZoneInfo(settings.TIME_ZONE)
    names = [*EXPORTED.values(), "invitation__campaign_id", "extra"]
    for *values, campaign, extra in _read_in_turns(found, names):
        further: list[Any] = [None] * len(places)
        for column, question in asked.get(campaign, {}).items():
            if question.key in extra:
                further[places[column]] = in_words(question, extra[question.key])
        yield [_in_zone(value, zone) for value in values] + further


def _read_in_turns(found: QuerySet[Response], names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """First which ones, then so many of them at a time.

    A reader may be slow: no statement waits for them, and what they see first is not made to wait
    until the last row is joined.
    """
    ids = array("q", found.values_list("pk", flat=True).iterator(chunk_size=20_000))
    for start in range(0, len(ids), EXPORT_BATCH):
        batch = responses_of_all().filter(pk__in=ids[start : start + EXPORT_BATCH])
        yield from batch.values_list(*names)


def _in_zone(value: Any, zone: ZoneInfo) -> Any:
    return value.astimezone(zone) if isinstance(value, dt.datetime) else value


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
    for *values, public_id, frozen in _read_in_turns(found, names):
        row = dict(zip(COLUMNS, values, strict=True))
        row |= _as_read(row, public_id=public_id)
        further = (frozen.get(name, "") for name in attributes)
        yield [*(written(row[name]) for name in known), *map(written, further)]


def _as_read(row: Mapping[str, Any], *, public_id: str) -> dict[str, Any]:
    """What an import makes of these cells, so that it finds them as they are."""
    asked = row["invited_at"]
    return {
        "comment": read_comment(row["comment"]),
        "campaign": title_of(row["campaign"]),
        # The clocks of two machines differ; nobody answers before being asked.
        "invited_at": asked if asked and asked <= row["answered_at"] else None,
        "response_id": row["response_id"] or own_id(public_id),
    }


def _attribute_names(found: QuerySet[Response]) -> set[str]:
    rows = found.order_by().values_list("invitation__attributes", flat=True)
    return {name for frozen in rows.iterator(chunk_size=EXPORT_BATCH) for name in frozen}
