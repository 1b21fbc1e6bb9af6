"""Values as programs send them: of JSON, or all of them texts where they come from a form."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

TEXT_LIMIT = 255
COMMENT_LIMIT = 5000
TAGS_LIMIT = 300
PROPERTY_LIMIT = 2000
MOST_PROPERTIES = 100
LONGEST_DELAY = dt.timedelta(days=3650)
_LATEST = 4_102_444_800  # the year 2100
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
# Neither database takes the one, nor UTF-8 the others.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_PHONE = re.compile(r"\+[1-9][0-9]{5,14}", re.ASCII)

BLANK, INVALID = "can't be blank", "is invalid"


class Invalid(Exception):
    """By field, what is wrong, in the words that clients of Delighted know."""

    def __init__(self, **errors: str) -> None:
        super().__init__(errors)
        self.errors = {field: [why] for field, why in errors.items()}


def text(value: Any, field: str, *, limit: int = TEXT_LIMIT) -> str:
    found = _scalar(value, field).strip()
    if len(found) > limit:
        raise Invalid(**{field: f"must be less than {limit} characters"})
    return found


def flag(value: Any, field: str, *, default: bool) -> bool:
    found = text(value, field).lower()
    if not found:
        return default
    if found not in _TRUE | _FALSE:
        raise Invalid(**{field: INVALID})
    return found in _TRUE


def whole(value: Any, field: str) -> int | None:
    """None where it is not given."""
    if isinstance(value, bool):
        raise Invalid(**{field: INVALID})
    found = text(value, field)
    if not found:
        return None
    if not re.fullmatch(r"-?[0-9]{1,15}(?:\.0+)?", found, re.ASCII):
        raise Invalid(**{field: INVALID})
    return int(found.partition(".")[0])


def moment(value: Any, field: str) -> dt.datetime | None:
    """Of seconds since 1970."""
    seconds = whole(value, field)
    if seconds is None:
        return None
    if not 0 <= seconds <= _LATEST:
        raise Invalid(**{field: INVALID})
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)


def delay(value: Any) -> dt.timedelta:
    seconds = whole(value, "delay") or 0
    if not 0 <= seconds <= LONGEST_DELAY.total_seconds():
        raise Invalid(delay=INVALID)
    return dt.timedelta(seconds=seconds)


def score(value: Any) -> int:
    found = whole(value, "score")
    if found is None:
        raise Invalid(score=BLANK)
    if not 0 <= found <= 10:
        raise Invalid(score="must be between 0 and 10")
    return found


def phone(value: Any, field: str = "phone_number") -> str:
    found = text(value, field)
    if found and not _PHONE.fullmatch(found):
        raise Invalid(**{field: INVALID})
    return found


def properties(value: Any, field: str = "properties") -> dict[str, str]:
    """Scalars as texts; a null is no property. An empty one comes from PHP as a list."""
    if not value and not isinstance(value, bool | int | float):
        return {}
    if not isinstance(value, Mapping):
        raise Invalid(**{field: INVALID})
    if len(value) > MOST_PROPERTIES:
        raise Invalid(**{field: f"must be at most {MOST_PROPERTIES}"})
    given = {text(name, field): each for name, each in value.items() if each is not None}
    return {name: text(each, field, limit=PROPERTY_LIMIT) for name, each in given.items() if name}


def tags(words: Iterable[str]) -> str:
    return ", ".join(filter(None, (each.replace(",", " ").strip() for each in words)))


def storable(given: str) -> str:
    return _UNSTORABLE.sub("", given)


def seconds(at: dt.datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def _scalar(value: Any, field: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if not isinstance(value, str):
        raise Invalid(**{field: INVALID})
    return storable(value)
