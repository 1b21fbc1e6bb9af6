"""Who calls: the key of a request, what its role may do, and how often."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.params.models import QueryModel
from ninja.security.http import HttpAuthBase

from accounts.domain.access.roles import Permission
from api.domain.keys import key_in
from api.domain.problems import Code, FieldError, Problem
from api.models import ApiKey
from api.services.keys import key_for, note_use
from api.services.limits import seconds_to_wait
from api.web.rest.openapi import NAMED, as_lines, roles_for

WAYS_IN = {"WWW-Authenticate": 'Bearer realm="Koe", Basic realm="Koe"'}


class Call(HttpRequest):
    """What an operation gets: the request of a key that may do it, and its moment."""

    auth: ApiKey
    now: dt.datetime


class ApiKeyAuth(HttpAuthBase):
    openapi_scheme = "bearer"

    def __init__(self, permission: Permission) -> None:
        super().__init__()
        self.permission = permission
        # Of the address; told once all operations are known.
        self.parameters: frozenset[str] = frozenset()

    def __call__(self, request: HttpRequest) -> ApiKey:
        now = timezone.now()
        key = key_for(key_in(request.META.get("HTTP_AUTHORIZATION", "")), now=now)
        if key is None:
            text = _("No key, or one that is not in force: send Authorization: Bearer KEY.")
            raise Problem(Code.KEY, text, headers=WAYS_IN)
        if wait := seconds_to_wait(key, now=now):
            text = _("This key may send %(rate)s requests a minute; go on in %(wait)s seconds.")
            told = text % {"rate": key.rate, "wait": wait}
            raise Problem(Code.TOO_OFTEN, told, headers={"Retry-After": str(wait)})
        note_use(key, now=now)
        if not key.may(self.permission):
            text = _("A key of the role %(role)s may not do that; one of %(roles)s may.")
            raise Problem(
                Code.ROLE, text % {"role": key.role, "roles": ", ".join(roles_for(self.permission))}
            )
        if unknown := [name for name in request.GET if name not in self.parameters]:
            raise _unknown(unknown)
        request.now = now  # type: ignore[attr-defined]
        return key


def _unknown(names: list[str]) -> Problem:
    """A filter that is misspelt would else give everything."""
    detail, fix = _("is not known"), _("leave it out; the description lists the fields there are")
    errors = [FieldError(name, detail, fix) for name in sorted(names)]
    return Problem(Code.NOT_VALID, f"{errors[0].field}: {detail}", errors)


def tell_parameters(router: Router) -> None:
    """Each operation what may stand behind the question mark of its address."""
    for found in router.path_operations.values():
        for operation in found.operations:
            queries = [each for each in operation.models if issubclass(each, QueryModel)]
            names = (each.__ninja_flatten_map__ for each in queries)
            for auth in operation.auth_callbacks:
                auth.parameters = frozenset().union(*names)  # type: ignore[attr-defined]


def needs(permission: Permission, **said: Any) -> dict[str, Any]:
    """Of an operation: who may call it, which its description says, too; what else that says."""
    return {
        "auth": ApiKeyAuth(permission),
        "openapi_extra": {"x-roles": roles_for(permission), **said},
    }


def takes_rows(permission: Permission, row: str) -> dict[str, Any]:
    """Of an operation whose body is many rows, as an array or line by line."""
    return needs(permission, **as_lines(row))


def named(permission: Permission) -> dict[str, Any]:
    """Of an operation that heeds Idempotency-Key."""
    return needs(permission, **{NAMED: True})


def gives_file(permission: Permission, kind: str) -> dict[str, Any]:
    return needs(permission, responses={200: {"content": {kind: {"schema": {"type": "string"}}}}})
