"""What the checks of a request's form found, in words: which field, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from api.domain.problems import Code, FieldError, Problem

# What stands before the field: of what ninja read, and the name of the argument.
_PLACES = {"body", "query", "path", "header", "form"}


def not_valid(found: Sequence[Mapping[str, Any]]) -> Problem:
    errors = [_error(each) for each in found]
    first = errors[0]
    where = _("row %(row)s, ") % {"row": first.row} if first.row else ""
    return Problem(Code.NOT_VALID, f"{where}{first.field}: {first.detail}", errors)


def _error(found: Mapping[str, Any]) -> FieldError:
    place = list(found["loc"])
    if place and place[0] in _PLACES:
        place = place[1:]
    # The argument's own name is no part of what was sent.
    if len(place) > 1 and place[0] in ("rows", "given", "query"):
        place = place[1:]
    row = place.pop(0) + 1 if place and isinstance(place[0], int) else None
    # Of a value that may be of several types, the types that were tried are named as well.
    named = [str(each) for each in place if "[" not in str(each)]
    field = ".".join(named) or "body"
    detail, fix = _words(found)
    return FieldError(field, detail, fix, row=row)


def _words(found: Mapping[str, Any]) -> tuple[str, str]:
    kind, context = str(found["type"]), found.get("ctx", {})
    if kind == "missing":
        return _("is missing"), _("send it; it is required")
    if kind == "extra_forbidden":
        return _("is not known"), _("leave it out; the description lists the fields there are")
    if kind == "value_error":
        detail, _sign, fix = str(context.get("error", "")).partition("; ")
        return detail, fix or _("see its description")
    expected = context.get("expected") or context.get("pattern")
    if expected:
        return _("is not as expected"), _("write %(expected)s") % {"expected": expected}
    message = str(found["msg"])
    return _("is not as expected"), message[:1].lower() + message[1:]
