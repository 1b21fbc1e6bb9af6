"""Many rows of a kind, as a program sends them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from accounts.domain.imports.file_columns import FileKind, columns
from accounts.domain.imports.rows import RowError
from accounts.labels import reason_text
from accounts.services.imports.programs.bringing import bring_in_rows
from api.domain.problems import MOST_ERRORS, Code, FieldError, Problem
from api.web.rest.fields import Flag, Query
from api.web.rest.keys import Call

# What is wrong, and what to write instead; in Japanese two sentences.
_SAID_APART = re.compile(r"; |。(?=.)")


class Skips(Query):
    skip_bad_rows: Annotated[
        Flag, Field(description="Take the good rows where others cannot go in.")
    ] = False


def brought(
    request: Call, kind: FileKind, rows: Sequence[BaseModel], query: Skips
) -> tuple[int, dict[str, Any]]:
    """All of them, or none and why; with `skip_bad_rows` the good ones."""
    given = [row.model_dump(exclude_unset=True) for row in rows]
    source = f"API key {request.auth.shown}"
    found = bring_in_rows(
        kind, given, now=request.now, source=source, skip_bad_rows=query.skip_bad_rows
    )
    errors = [told(error, kind) for error in found.errors]
    if errors and not query.skip_bad_rows:
        text = _("%(count)s of %(rows)s rows cannot go in, so none did; the first: %(why)s")
        values = {"count": found.refused, "rows": found.received, "why": _first(errors[0])}
        raise Problem(Code.REFUSED, text % values, errors)
    return 200, {
        "received": found.received,
        "created": found.created,
        "updated": found.updated,
        "unchanged": found.unchanged,
        "waiting": found.waiting,
        "refused": found.refused,
        "errors": [each.as_dict() for each in errors[:MOST_ERRORS]],
    }


def told(error: RowError, kind: FileKind) -> FieldError:
    """The reason, cut where it begins to say what to write; else the column says what it holds."""
    detail, *rest = _SAID_APART.split(reason_text(error.reason), maxsplit=1)
    fix = rest[0] if rest else ""
    column = columns(kind).get(error.field)
    usual = _(column.help) if column else _("see its description")
    return FieldError(error.field, detail, fix or usual, row=error.line)


def _first(error: FieldError) -> str:
    return f"{error.field}: {error.detail}"
