"""Every form and filter, filled with what no browser sends: no 5xx, and nothing half-written.

The addresses are those of the permission matrix, the public pages and the entrance; their fields
are read from the pages themselves. FORMS is the number of requests: 50,000 in a long run.
"""

from __future__ import annotations

import os
import re
import socket
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.cache import cache as kept
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, strategies
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from surveys.queries.tokens import Purpose, make_token
from tests.guards.test_access import ROWS, make_world, url_of
from tests.shared import shared_rows
from tests.staffing import logged_in, make_staff
from tests.surveys.helpers.invited import answer_path, invite

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.timeout(20_000)]
REQUESTS = int(os.environ.get("FORMS") or 120)
# Where people, mail programs and providers come in without an account.
ENTRANCE = {
    "/accounts/login/": ("login", "password", "next"),
    "/accounts/password/reset/": ("email",),
    "/accounts/password/change/": ("oldpassword", "password1", "password2"),
    "/accounts/reauthenticate/": ("password", "next"),
    "/accounts/2fa/totp/activate/": ("code",),
    "/accounts/2fa/authenticate/": ("code",),
    "/i18n/setlang/": ("language", "next"),
    "/anymail/postmark/tracking/": ("body",),
    "/v1/people.json": ("email", "delay", "properties[x]", "send"),
    "/v1/survey_responses.json": ("person", "score", "comment", "created_at"),
}
# What a form is told by, and what tables it may write where it refuses.
NOTES = re.compile(r"^(accounts_audit|django_session|accounts_staffmail|usersessions|axes)")
WRITES = re.compile(r'^\s*(?:INSERT\s+INTO|DELETE\s+FROM)\s+"?(\w+)"?', re.IGNORECASE)
REFUSED = (400, 409, 413, 422)

ODD = [
    "", " ", "0", "-1", "1", "9" * 30, "1e999", "NaN", "1,5", "１２", "٣", "true", "on", "null",
    "<<", "あ@x", "a@b", "a@example.com", "@", "\x00", "\n", "\r\nBcc: x@y.example", "\u202e",
    "a" * 5_000, "声" * 400, "🙂", "'", '"', "%s", "%", "{}", "{{ 7 }}", "[", "[]", "{\"a\": 1}",
    "2026-13-40", "0001-01-01", "9999-12-31", "2026-02-29", "24:00", "99:99", "../../etc/passwd",
    "https://", "http://[::1", "//x", "javascript:1", "=1+1", "ja", "en", "xx", "UTC", "Asia/Tokyo",
]  # fmt: skip
VALUES = strategies.one_of(
    strategies.sampled_from(ODD),
    strategies.text(strategies.characters(exclude_categories=["Cs"]), max_size=40),
    strategies.integers().map(str),
)


class Target(NamedTuple):
    url: str
    method: str
    # By field, the values that its page offers.
    fields: dict[str, tuple[str, ...]]
    is_staff: bool


class Fields(HTMLParser):
    """The forms of a page: where each goes, and what it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[tuple[str, str], dict[str, list[str]]] = {}
        self._form: dict[str, list[str]] = defaultdict(list)
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            key = found.get("action", ""), found.get("method", "get").upper()
            self._form = self.forms.setdefault(key, defaultdict(list))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._form[self._select].append(found.get("value", ""))
        elif tag in ("input", "textarea", "button") and name:
            self._form[name].append(found.get("value", ""))


def targets(world: dict[str, Any], admin: Client) -> list[Target]:
    """Each address with each of its methods, and the fields of all forms that go there."""
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in ROWS:
        for method in row.methods:
            found.setdefault((url_of(row, world), method), defaultdict(set))
    for url, method in list(found):
        if method != "GET":
            continue
        page = admin.get(url)
        with suppress(UnicodeDecodeError, ValueError):
            reader = Fields()
            reader.feed(page.getvalue().decode())
            for (action, how), fields in reader.forms.items():
                place = found.setdefault((action.partition("?")[0] or url, how), defaultdict(set))
                for name, values in fields.items():
                    place[name].update(values)
    return [
        Target(url, method, {name: tuple(sorted(each)) for name, each in fields.items()}, True)
        for (url, method), fields in sorted(found.items())
        if url.startswith("/") and url not in ("/accounts/logout/",)
    ]


def public_targets() -> list[Target]:
    invitation = invite(sent_at=timezone.now(), questions=[])
    path = answer_path(invitation)
    stop = f"/u/{make_token(Purpose.OPT_OUT, invitation.public_id)}/"
    answered = (
        "score",
        "comment",
        "lang",
        "gesture",
        "opened",
        "changed",
        "q1",
        "List-Unsubscribe",
    )
    places = {path: answered, f"{path}intent/": answered, stop: answered, **ENTRANCE}
    return [
        Target(url, method, dict.fromkeys(names, ()), is_staff)
        for url, names in places.items()
        for method in ("GET", "POST")
        for is_staff in (False, url.startswith("/accounts/"))
    ]


class House:
    """A world with one of everything, in which each request is taken back."""

    def __init__(self) -> None:
        self.admin = logged_in(make_staff("admin", "fuzz@koe.example"))
        self.targets = [*targets(make_world(), self.admin), *public_targets()]
        self.cookies = self.admin.cookies.output()
        self.statuses: dict[int, int] = defaultdict(int)

    def client(self, *, is_staff: bool) -> Client:
        client = Client(raise_request_exception=False)
        if is_staff:
            client.cookies = SimpleCookie(self.cookies.replace("Set-Cookie: ", ""))
        return client

    def ask(self, target: Target, data: dict[str, Any], *, is_htmx: bool) -> None:
        client = self.client(is_staff=target.is_staff)
        headers = {"hx-request": "true"} if is_htmx else {}
        written: set[str] = set()

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            if (found := WRITES.match(sql)) and not NOTES.match(found[1]):
                written.add(found[1])
            return execute(sql, *rest)

        with transaction.atomic():
            with connection.execute_wrapper(note):
                send = client.post if target.method == "POST" else client.get
                answer = send(target.url, data, headers=headers)
                body = b"" if answer.streaming and answer.status_code == 200 else answer.content
                for close in answer._resource_closers:  # type: ignore[attr-defined]
                    close()
            self.statuses[answer.status_code] += 1
            left = counts(written) if answer.status_code in REFUSED else {}
            transaction.set_rollback(True)
        assert answer.status_code < 500, (target.method, target.url, data, body[:300])
        assert left == counts(left), (target.method, target.url, data, "half-written")


def counts(tables: Any) -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            [found[table]] = cursor.fetchone()
    return found


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with shared_rows(django_db_blocker):
        yield House()


@pytest.fixture(autouse=True)
def _nobody_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)


@cache
def filled(names: tuple[tuple[str, tuple[str, ...]], ...]) -> Any:
    """Each field left out, as its page offers it, odd, or several times."""
    fields = {}
    for name, offered in names:
        one = strategies.one_of(VALUES, strategies.sampled_from(offered or ("",)))
        fields[name] = strategies.one_of(one, one, strategies.lists(one, max_size=3))
    return strategies.fixed_dictionaries({}, optional=fields)


@hypothesis_settings(
    max_examples=REQUESTS,
    deadline=None,
    database=None,
    derandomize="FORMS" not in os.environ,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=strategies.data())
def test_no_form_ends_in_an_error_or_half_written(house: House, data: Any) -> None:
    kept.clear()
    target = data.draw(strategies.sampled_from(house.targets))
    values = data.draw(filled(tuple(target.fields.items())))
    house.ask(target, values, is_htmx=data.draw(strategies.booleans()))


def test_it_reaches_the_forms(house: House) -> None:
    """Else it would be green for want of fields."""
    posted = [each for each in house.targets if each.method == "POST" and each.fields]

    assert len(posted) > 60
    assert sum(len(each.fields) for each in posted) > 400
    assert settings.SESSION_COOKIE_NAME in house.cookies
