"""What the checks of a request's form found, in words: which field, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from api.domain.problems import Code, FieldError, Problem

# What stands before the field: of what ninja read, and the name of the argument.
_PLACES = {"body", "query", "path", "header", "form"}
_ARGUMENTS = {"rows", "given", "query"}
# The kinds that a value may be of, of which each was tried.
_KIND = re.compile(r"constrained-.*|int|float|str|bool|none|.*\[.*")
_FIXES = {
    "string_type": gettext_noop("write a text"),
    "string_unicode": gettext_noop("write UTF-8"),
    "int_type": gettext_noop("write a whole number"),
    "float_type": gettext_noop("write a number"),
    "bool_type": gettext_noop("write true or false"),
    "list_type": gettext_noop("send an array"),
    "dict_type": gettext_noop("send an object"),
    "model_type": gettext_noop("send an object"),
    "string_too_short": gettext_noop("write at least %(min_length)s characters"),
    "string_too_long": gettext_noop("write at most %(max_length)s characters"),
    "too_short": gettext_noop("send at least %(min_length)s"),
    "too_long": gettext_noop("send at most %(max_length)s"),
    "greater_than_equal": gettext_noop("write at least %(ge)s"),
    "less_than_equal": gettext_noop("write at most %(le)s"),
}


def not_valid(found: Sequence[Mapping[str, Any]]) -> Problem:
    errors: dict[tuple[int | None, str], FieldError] = {}
    for each in _nearest(found):
        error = _error(each)
        errors.setdefault((error.row, error.field), error)
    first = next(iter(errors.values()))
    where = _("row %(row)s, ") % {"row": first.row} if first.row else ""
    detail = f"{where}{first.field}: {first.detail}"
    return Problem(Code.NOT_VALID, detail, list(errors.values()))


def _nearest(found: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Of several shapes that a body may have, those of the one that lacks least."""
    shapes: dict[str, list[Mapping[str, Any]]] = {}
    for each in found:
        shape = next((str(part) for part in each["loc"] if _is_shape(part)), "")
        shapes.setdefault(shape, []).append(each)
    return min(shapes.values(), key=len) if "" not in shapes else found


def _is_shape(part: object) -> bool:
    """Ours have the names of classes, and no field begins with a capital."""
    return isinstance(part, str) and part[:1].isupper()


def _error(found: Mapping[str, Any]) -> FieldError:
    place = list(found["loc"])
    if place and place[0] in _PLACES:
        place = place[1:]
    if len(place) > 1 and place[0] in _ARGUMENTS:
        place = place[1:]
    row = place.pop(0) + 1 if place and isinstance(place[0], int) else None
    named = [str(each) for each in place if not (_is_shape(each) or _KIND.fullmatch(str(each)))]
    detail, fix = _words(found)
    return FieldError(".".join(named) or "body", detail, fix, row=row)


def _words(found: Mapping[str, Any]) -> tuple[str, str]:
    kind, context = str(found["type"]), found.get("ctx", {})
    if kind == "missing":
        return _("is missing"), _("send it; it is required")
    if kind == "extra_forbidden":
        return _("is not known"), _("leave it out; the description lists the fields there are")
    if kind == "value_error":
        detail, _sign, fix = str(context.get("error", "")).partition("; ")
        return detail, fix or _("see its description")
    if kind in _FIXES:
        return _("is not as expected"), _(_FIXES[kind]) % context
    expected = context.get("expected") or context.get("pattern")
    if expected:
        return _("is not as expected"), _("write %(expected)s") % {"expected": expected}
    message = str(found["msg"])
    return _("is not as expected"), message[:1].lower() + message[1:]
