"""Kinds of values in requests, each read as strictly as the description says it.

pydantic by itself would take 0 for a day and "yes" for true.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from contextlib import suppress
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from api.domain.values import storable

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII | re.IGNORECASE,
)
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)
_FLAGS = {"true": True, "false": False}


def _day(value: Any) -> dt.date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):
            return dt.date.fromisoformat(value)
    raise ValueError(_("is not a day; write it as 2026-04-01"))


def _moment(value: Any) -> dt.datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        with suppress(ValueError):
            return _in_utc(dt.datetime.fromisoformat(_short(value.upper())))
    raise ValueError(_("is not a moment; write it as 2026-04-01T09:30:00+09:00"))


def _in_utc(moment: dt.datetime) -> dt.datetime:
    """No database takes every zone, and at the ends of the calendar there is no other one."""
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        return moment.replace(tzinfo=dt.UTC)


def _short(text: str) -> str:
    """Python takes six digits of a second's parts, and no more."""
    return re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)


def _whole(value: Any) -> Any:
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise ValueError(_("is not a whole number; write digits only"))
    return value


def _counted(value: Any) -> Any:
    """JSON has one kind of number: 3.0 is a whole one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _flag(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if value not in _FLAGS:
        raise ValueError(_("is neither; write true or false"))
    return _FLAGS[value]


def between(low: int, high: int, description: str | None = None) -> tuple[Any, Any]:
    """A whole number of an address; the limits first, or the description would lack them."""
    return Field(ge=low, le=high, description=description), BeforeValidator(_whole)


def counted(low: int, high: int, description: str | None = None) -> tuple[Any, Any]:
    """A whole number of a body."""
    return Field(ge=low, le=high, description=description), BeforeValidator(_counted)


def line(low: int, high: int, description: str | None = None) -> tuple[Any, Any]:
    """In an e-mail or a heading: without a line break."""
    limits = Field(min_length=low, max_length=high, description=description)
    return limits, AfterValidator(lambda text: " ".join(storable(text).split()))


def one_of(known: Collection[str]) -> tuple[Any, Any]:
    """What makes of a text one of those that there are."""

    def check(value: str) -> str:
        if value not in known:
            names = ", ".join(known)
            raise ValueError(_("is none of those; write one of %(names)s") % {"names": names})
        return value

    return AfterValidator(check), WithJsonSchema({"type": "string", "enum": list(known)})


_DAYS = WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-04-01"]})
_MOMENTS = WithJsonSchema(
    {"type": "string", "format": "date-time", "examples": ["2026-04-01T09:30:00+09:00"]}
)
Day = Annotated[dt.date, BeforeValidator(_day), _DAYS]
Moment = Annotated[dt.datetime, BeforeValidator(_moment), _MOMENTS]
# Checked as such, and handed on as a text: the importers read it.
DayText = Annotated[str, AfterValidator(lambda text: _day(text) and text), _DAYS]
MomentText = Annotated[str, AfterValidator(lambda text: _moment(text) and text), _MOMENTS]
# Of a body, where all else is of JSON's own kinds.
BodyMoment = Annotated[Any, BeforeValidator(_moment), _MOMENTS]
BodyDay = Annotated[Any, BeforeValidator(_day), _DAYS]
# In an address; in a body it is one of JSON's own.
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
# No database takes every sign.
Text = Annotated[str, AfterValidator(storable)]

MOST_A_PAGE = 200
# Of a row, in an address.
Id = Annotated[int, *between(1, 2**63 - 1)]


class Query(Schema):
    """What may stand behind the question mark."""


class Body(BaseModel):
    """Of JSON's own kinds, and nothing that is not described.

    None of ninja's schemas: those read objects as well, which takes each row its time.
    """

    model_config = ConfigDict(strict=True, extra="forbid")


class Paged(Query):
    limit: Annotated[int, *between(1, MOST_A_PAGE, "How many at most.")] = 50
    cursor: Annotated[
        Text, Field(max_length=500, description="`next` of the answer before; empty: the first.")
    ] = ""
