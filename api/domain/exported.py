"""What was taken out of Delighted: rows of its API as warehouses hold them, and CSV."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.domain import values
from api.domain.ids import OWN_FROM
from api.domain.special import letters_of
from api.domain.values import BLANK, INVALID, Invalid

Row = Mapping[str, Any]
# Columns of an exported CSV, by their letters alone; any other one is a property.
_COLUMNS = {
    "id": "id", "responseid": "id", "surveyresponseid": "id",
    "email": "email", "personemail": "email", "emailaddress": "email",
    "name": "name", "personname": "name", "phonenumber": "phone_number", "phone": "phone_number",
    "score": "score", "rating": "score", "npsscore": "score", "comment": "comment",
    "createdat": "created_at", "date": "created_at", "respondedat": "created_at",
    "responsedate": "created_at", "responsetime": "created_at", "submittedat": "created_at",
    "updatedat": "updated_at", "lastsentat": "last_sent_at", "tags": "tags", "notes": "notes",
    "unsubscribedat": "unsubscribed_at", "bouncedat": "bounced_at",
    "permalink": "", "surveytype": "survey_type", "personid": "person",
}  # fmt: skip
_NPS = ("", "nps")


class Kind(StrEnum):
    PERSON = "people"
    ANSWER = "survey_responses"
    UNSUBSCRIBE = "unsubscribes"
    BOUNCE = "bounces"


@dataclass(frozen=True, slots=True)
class Somebody:
    kept_id: int | None
    email: str
    name: str
    phone_number: str
    created_at: dt.datetime | None
    last_sent_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Who is not to be mailed any more, and since when, where that is told."""

    who: Somebody
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer."""

    kept_id: int | None
    by: Somebody
    score: int
    comment: str
    at: dt.datetime
    properties: dict[str, str]
    tags: str


def row_in(message: Any) -> Row | None:
    """Of a line of Airbyte, Singer or a warehouse; None where it tells of no row."""
    if not isinstance(message, Mapping):
        raise Invalid(line=INVALID)
    if "_airbyte_data" in message:
        return _row(_opened(message["_airbyte_data"]))
    if isinstance(message.get("type"), str) and message["type"].isupper():
        record = message.get("record")
        if message["type"] != "RECORD" or not isinstance(record, Mapping):
            return None
        return _row(_opened(record.get("data", record)))
    return message


def _row(found: Any) -> Row:
    if not isinstance(found, Mapping):
        raise Invalid(line=INVALID)
    return found


def kind_of(row: Row) -> Kind:
    if row.get("score") not in (None, ""):
        return Kind.ANSWER
    if row.get("unsubscribed_at"):
        return Kind.UNSUBSCRIBE
    if row.get("bounced_at"):
        return Kind.BOUNCE
    if row.get("email") or row.get("phone_number"):
        return Kind.PERSON
    raise Invalid(line=INVALID)


def row_of_csv(header: list[str], cells: list[str]) -> Row:
    row: dict[str, Any] = {}
    properties: dict[str, str] = {}
    for title, cell in zip(header, cells, strict=False):
        field = _COLUMNS.get(letters_of(title))
        if field is None and title.strip():
            properties[title.strip()] = cell
        elif field and cell.strip():
            row[field] = cell.strip()
    return {**row, "person_properties": {name: each for name, each in properties.items() if each}}


def somebody(row: Row, *, id_field: str = "id") -> Somebody:
    return Somebody(
        kept_id=_id(row.get(id_field), id_field),
        email=values.text(row.get("email"), "email", limit=320),
        name=values.text(row.get("name"), "name"),
        phone_number=values.phone(row.get("phone_number")),
        created_at=moment(row.get("created_at"), "created_at"),
        last_sent_at=moment(row.get("last_sent_at"), "last_sent_at"),
    )


def suppressed(row: Row, *, field: str) -> Suppressed:
    who = somebody(row, id_field="person_id" if "person_id" in row else "person")
    return Suppressed(who, moment(row[field], field))


def given(row: Row) -> Given:
    if values.text(row.get("survey_type"), "survey_type") not in _NPS:
        raise Invalid(survey_type="is no NPS survey")
    at = moment(row.get("created_at"), "created_at")
    if at is None:
        raise Invalid(created_at=BLANK)
    properties = _opened(row.get("person_properties") or {})
    return Given(
        kept_id=_id(row.get("id"), "id"),
        by=_person_in(row),
        score=values.score(row.get("score")),
        comment=values.text(row.get("comment"), "comment", limit=values.COMMENT_LIMIT),
        at=at,
        properties=values.properties(properties, "person_properties"),
        tags=_tags(row.get("tags")),
    )


def moment(value: Any, field: str) -> dt.datetime | None:
    """Seconds since 1970, or as warehouses write them; without a zone it is UTC."""
    text = values.text(value, field)
    if not text or re.fullmatch(r"[0-9]+(?:\.0)?", text, re.ASCII):
        return values.moment(text, field)
    try:
        found = dt.datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        raise Invalid(**{field: INVALID}) from None
    found = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return values.moment(int(found.timestamp()), field)


def _person_in(row: Row) -> Somebody:
    """As it was expanded, by its id, or by what a CSV says of it."""
    person = row.get("person", row.get("person_id"))
    if isinstance(person, str) and person.lstrip().startswith("{"):
        person = _opened(person)
    if isinstance(person, Mapping):
        return somebody(person)
    about = {name: row.get(name) for name in ("email", "name", "phone_number")}
    return somebody({**about, "id": person})


def _id(value: Any, field: str) -> int | None:
    found = values.whole(value, field)
    if found is not None and not 0 <= found < OWN_FROM:
        raise Invalid(**{field: INVALID})
    return found


def _tags(value: Any) -> str:
    listed = _opened(value) if isinstance(value, str) and value.startswith("[") else value
    words = listed if isinstance(listed, list) else str(listed or "").split(",")
    return values.tags(map(str, words))[: values.TAGS_LIMIT]


def _opened(value: Any) -> Any:
    """Some warehouses keep JSON as text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise Invalid(line=INVALID) from None
