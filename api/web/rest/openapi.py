"""The description of the API: what ninja makes of the operations, and what is the same of all."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI

from accounts.domain.access.roles import Permission, allows
from api.domain.problems import STATUS, Code
from api.models.keys import ROLES
from api.web.rest.answers import PREFIX, PROBLEM_TYPE

NDJSON = "application/x-ndjson"
# Of an operation that heeds Idempotency-Key.
NAMED = "x-idempotent"
# Of the requests that a program names by it.
NAMES = r"^[A-Za-z0-9_.:-]{1,255}$"
_JSON = ("application/json",)
_NULL = {"type": "null"}
Plain = dict[str, Any]

_ALWAYS = (
    Code.UNREADABLE, Code.KEY, Code.ROLE, Code.NOT_FOUND, Code.REFUSED, Code.NOT_VALID,
    Code.TOO_OFTEN, Code.AWAY,
)  # fmt: skip
_OF_WRITES = (Code.TOO_LARGE, Code.MEDIA_TYPE)
_WAITS = {
    "Retry-After": {
        "description": "Seconds until it is worth another try.",
        "schema": {"type": "integer", "minimum": 1},
    }
}
_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `errors` names each field and what to write instead.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Where this kind of problem is explained."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reason": {"type": "string", "description": "Of an ask that was refused: why."},
        "from": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "Of an ask that was refused: from when on it is possible.",
        },
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        "errors_in_total": {"type": "integer", "description": "At most 100 of them are listed."},
    },
}
_FIELD_ERROR = {
    "type": "object",
    "title": "FieldError",
    "required": ["field", "detail", "fix"],
    "properties": {
        "row": {"type": "integer", "description": "From 1 on, where there are many."},
        "field": {"type": "string"},
        "detail": {"type": "string", "description": "What is wrong with it."},
        "fix": {"type": "string", "description": "What to write instead."},
    },
}
_KNOWN_TAG = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of an answer that is at hand: 304 where it still holds.",
    "schema": {"type": "string"},
}
_NAME = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A name of your own for this request: sent again within 24 hours it does "
    "nothing twice and gets the first answer.",
    "schema": {"type": "string", "pattern": NAMES},
}


@cache
def described(api: NinjaAPI) -> Plain:
    """Read once: it is the same until the next start."""
    found: Plain = dict(api.get_openapi_schema(path_prefix=PREFIX.lstrip("/")))
    found.pop("servers", None)
    schemas = found["components"].setdefault("schemas", {})
    schemas |= {"Problem": _PROBLEM, "FieldError": _FIELD_ERROR}
    for path in found["paths"].values():
        for method, operation in path.items():
            path[method] = _whole(method, operation)
    return found


def _whole(method: str, operation: Plain) -> Plain:
    """Its own dictionary: ninja gives one to all methods of a view."""
    responses: Plain = {}
    for status, each in operation["responses"].items():
        responses[str(status)] = {**each, "content": _content(each)}
    codes = _ALWAYS if method == "get" else (*_ALWAYS, *_OF_WRITES)
    for code in codes:
        responses.setdefault(str(STATUS[code]), _problem(code))
    parameters = [_parameter(each) for each in operation.get("parameters", ())]
    if method == "get":
        responses["304"] = {"description": "What is at hand still holds."}
        parameters.append(_KNOWN_TAG)
    if operation.get(NAMED):
        parameters.append(_NAME)
    return {**operation, "parameters": parameters, "responses": dict(sorted(responses.items()))}


def _content(response: Plain) -> Plain:
    """A file is of its own kind, and no JSON."""
    found: Plain = response.get("content", {})
    return {kind: each for kind, each in found.items() if len(found) == 1 or kind not in _JSON}


def _parameter(given: Plain) -> Plain:
    """An address has no null: what is not there is left out."""
    schema = given["schema"]
    kinds = schema.get("allOf") or [each for each in schema.get("anyOf", ()) if each != _NULL]
    if len(kinds) == 1:
        gone = ("anyOf", "default") if "anyOf" in schema else ("allOf",)
        rest = {name: each for name, each in schema.items() if name not in gone}
        schema = {**kinds[0], **rest}
    return {**given, "schema": schema}


def _problem(code: Code) -> Plain:
    found: Plain = {
        "description": WORDS[code],
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return found | ({"headers": _WAITS} if code in (Code.TOO_OFTEN, Code.AWAY) else {})


def roles_for(permission: Permission) -> list[str]:
    return [role.value for role in ROLES if allows(role, permission)]


def as_lines(row: str) -> Plain:
    """Of the body of many rows: an array, or a line of JSON for each."""
    lines: Plain = {"itemSchema": {"$ref": f"#/components/schemas/{row}"}}
    return {"requestBody": {"content": {NDJSON: lines}}, NAMED: True}


# The description is English, the page is not.
WORDS = {
    Code.UNREADABLE: _("The body is not JSON, or not of this host."),
    Code.KEY: _("No key, or one that is not in force."),
    Code.ROLE: _("The key's role may not do that."),
    Code.NOT_FOUND: _("What the address or a parameter names is not there."),
    Code.REFUSED: _(
        "Each value is as described, and what is known forbids it: the errors say what and why."
    ),
    Code.NOT_VALID: _("A value is not as described: the errors say which, and what to write."),
    Code.TOO_OFTEN: _("More requests than the key may send; Retry-After says when to go on."),
    Code.AWAY: _("The database does not answer; try again."),
    Code.TOO_LARGE: _("The body is larger than 5 MB."),
    Code.MEDIA_TYPE: _("The body is of another kind than described."),
    Code.REPEATED: _("Another request had this Idempotency-Key."),
    Code.METHOD: _("This address does not know that method; Allow names those that it knows."),
    Code.HTTPS: _("Use https."),
    Code.FAULT: _("Koe failed; its log says why."),
}
