"""A world with one of everything, in which each request is taken back, and looked at."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.test import Client

from accounts.domain.access.roles import PERMISSIONS
from tests.faults.forms.targets import Target, public_targets, staff_targets
from tests.faults.forms.values import body_of
from tests.guards.test_access import NAMELESS, make_world
from tests.staffing import logged_in, make_staff

NOBODY = "nobody"
# What a form is told by, and what tables it may write where it refuses.
NOTES = re.compile(r"^(accounts_audit|django_session|accounts_staffmail|usersessions|axes)")
WRITES = re.compile(r'^\s*(?:INSERT\s+INTO|DELETE\s+FROM|UPDATE)\s+"?(\w+)"?', re.IGNORECASE)
REFUSED = (400, 403, 404, 405, 409, 410, 413, 415, 422, 429)
# A page, or the way to it, for those who may not see it.
SHUT = (302, 400, 403, 404, 405, 413)


class House:
    def __init__(self) -> None:
        staff = {
            who: make_staff(who, f"fuzz-{who}@koe.example") for who in ("viewer", "cs", "admin")
        }
        clients = {who: logged_in(each) for who, each in staff.items()}
        self.targets = [*staff_targets(make_world(), clients["admin"]), *public_targets()]
        self._cookies = {who: each.cookies.output() for who, each in clients.items()}
        self.statuses: Counter[int] = Counter()

    def client(self, who: str) -> Client:
        client = Client(raise_request_exception=False)
        if who != NOBODY:
            client.cookies = SimpleCookie(self._cookies[who].replace("Set-Cookie: ", ""))
        return client

    def ask(self, who: str, target: Target, data: dict[str, Any], *, how: str) -> None:
        told = (who, target.method, target.url, data, how)
        with transaction.atomic():
            written, status, body = self._asked(who, target, data, how=how)
            left = contents(written) if status in REFUSED else {}
            transaction.set_rollback(True)
        self.statuses[status] += 1
        assert status < 500, (told, body[:300])
        assert left == contents(left), (told, status, "half-written")
        if not may(who, target):
            assert status in SHUT, (told, status)
            assert not written, (told, written)
        if who in (NOBODY, "viewer"):
            assert NAMELESS.encode() not in body, told

    def _asked(
        self, who: str, target: Target, data: dict[str, Any], *, how: str
    ) -> tuple[set[str], int, bytes]:
        written: set[str] = set()

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            if (found := WRITES.match(sql)) and not NOTES.match(found[1]):
                written.add(found[1])
            return execute(sql, *rest)

        client, headers = self.client(who), {"hx-request": "true"} if how == "htmx" else {}
        with connection.execute_wrapper(note):
            if target.method == "POST":
                answer = client.post(target.url, headers=headers, **body_of(data, how))
            else:
                answer = client.get(target.url, data, headers=headers)
            body = b"" if answer.streaming else answer.content
            for close in answer._resource_closers:  # type: ignore[attr-defined]
                close()
        # Where htmx is led elsewhere, it is by a header (common.web.middleware.Htmx).
        status = 302 if "HX-Redirect" in answer.headers else answer.status_code
        return written, status, body


def may(who: str, target: Target) -> bool:
    """Where it is by its permission that one may not; else the page itself says it."""
    if target.permission is None:
        return True
    return who in {str(role) for role in PERMISSIONS[target.permission]}


def contents(tables: Any) -> dict[str, str]:
    """By table, all that is in it."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = sha256("\n".join(rows).encode()).hexdigest()
    return found
