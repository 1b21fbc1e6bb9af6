"""What went wrong with a request, as RFC 9457 has it: for a program, and for who reads its log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Each is explained on the page of the API, under its name."""

    UNREADABLE = "unreadable"
    KEY = "key"
    HTTPS = "https"
    ROLE = "role"
    NOT_FOUND = "not-found"
    METHOD = "method"
    REFUSED = "refused"
    REPEATED = "repeated"
    TOO_LARGE = "too-large"
    MEDIA_TYPE = "media-type"
    NOT_VALID = "not-valid"
    TOO_OFTEN = "too-often"
    FAULT = "fault"
    AWAY = "away"


STATUS: dict[Code, int] = {
    Code.UNREADABLE: 400,
    Code.KEY: 401,
    Code.HTTPS: 403,
    Code.ROLE: 403,
    Code.NOT_FOUND: 404,
    Code.METHOD: 405,
    Code.REFUSED: 409,
    Code.REPEATED: 409,
    Code.TOO_LARGE: 413,
    Code.MEDIA_TYPE: 415,
    Code.NOT_VALID: 422,
    Code.TOO_OFTEN: 429,
    Code.FAULT: 500,
    Code.AWAY: 503,
}
MOST_ERRORS = 100


@dataclass(frozen=True, slots=True)
class FieldError:
    """`row` counts from 1, where a request has many; `fix` says what to write instead."""

    field: str
    detail: str
    fix: str
    row: int | None = None

    def as_dict(self) -> dict[str, Any]:
        row = {} if self.row is None else {"row": self.row}
        return {**row, "field": self.field, "detail": self.detail, "fix": self.fix}


@dataclass(eq=False)
class Problem(Exception):
    code: Code
    detail: str
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    # Further members of the answer.
    more: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self, *, title: str, page: str) -> dict[str, Any]:
        """`page`: where the codes are explained."""
        found: dict[str, Any] = {
            "type": f"{page}#{self.code}",
            "title": title,
            "status": STATUS[self.code],
            "detail": self.detail,
            **self.more,
        }
        if self.errors:
            found["errors"] = [each.as_dict() for each in self.errors[:MOST_ERRORS]]
            found["errors_in_total"] = len(self.errors)
        return found


def code_of(status: int) -> Code:
    """Of an answer that says no more than its status."""
    return next((code for code, known in STATUS.items() if known == status), Code.FAULT)
