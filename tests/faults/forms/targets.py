"""Every address with its methods, and the fields that any page of Koe has for it."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any, NamedTuple

from django.test import Client
from django.utils import timezone

from accounts.domain.access.roles import Permission
from surveys.queries.tokens import Purpose, make_token
from tests.guards.test_access import ROWS, STRONGER_POST, url_of
from tests.surveys.helpers.invited import answer_path, invite

# Where people, mail programs and providers come in without an account.
ENTRANCE = {
    "/accounts/login/": ("login", "password", "next"),
    "/accounts/password/reset/": ("email",),
    "/accounts/password/change/": ("oldpassword", "password1", "password2"),
    "/accounts/reauthenticate/": ("password", "next"),
    "/accounts/2fa/totp/activate/": ("code",),
    "/accounts/2fa/authenticate/": ("code",),
    "/accounts/2fa/webauthn/add/": ("name", "credential"),
    "/accounts/2fa/webauthn/login/": ("credential",),
    "/i18n/setlang/": ("language", "next"),
    "/first/": ("email", "password1", "password2"),
    "/anymail/postmark/tracking/": ("body",),
    "/v1/people.json": ("email", "delay", "properties[x]", "send"),
    "/v1/survey_responses.json": ("person", "score", "comment", "created_at"),
    "/api/v1/customers": ("customer_id", "name"),
    "/api/v1/invitations": ("email", "campaign"),
}
ANSWERED = ("score", "comment", "lang", "gesture", "opened", "changed", "q1", "List-Unsubscribe")
Found = dict[tuple[str, str], dict[str, set[str]]]


class Target(NamedTuple):
    url: str
    method: str
    # By field, the values that pages offer.
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    # None: it is everybody's.
    permission: Permission | None


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
        elif tag in ("input", "textarea", "button") and name not in ("", "csrfmiddlewaretoken"):
            self._form[name].append(found.get("value", ""))


def staff_targets(world: dict[str, Any], admin: Client) -> list[Target]:
    found: Found = {}
    asked_for: dict[tuple[str, str], Permission] = {}
    for row in ROWS:
        for method in row.methods:
            place = url_of(row, world), method
            found[place], asked_for[place] = defaultdict(set), row.permission
            if method == "POST" and row.name in STRONGER_POST:
                asked_for[place] = STRONGER_POST[row.name]
    for url, method in list(found):
        if method == "GET":
            _read(url, admin, found)
    offered = _offered(found)
    return [
        Target(url, method, tuple((name, offered[name]) for name in sorted(fields)), needed)
        for (url, method), fields in sorted(found.items())
        if url.startswith("/") and url != "/accounts/logout/"
        for needed in [asked_for.get((url, method))]
    ]


def _read(url: str, admin: Client, found: Found) -> None:
    page = admin.get(url)
    with suppress(UnicodeDecodeError, ValueError):
        reader = Fields()
        reader.feed(page.getvalue().decode())
        for (action, how), fields in reader.forms.items():
            place = found.setdefault((action.partition("?")[0] or url, how), defaultdict(set))
            for name, values in fields.items():
                place[name].update(values)


def _offered(found: Found) -> dict[str, tuple[str, ...]]:
    """What a field of that name has on any page: other people's ids and versions among them."""
    values: dict[str, set[str]] = defaultdict(set)
    for fields in found.values():
        for name, each in fields.items():
            values[name] |= each
    return {name: tuple(sorted(each)) for name, each in values.items()}


def public_targets() -> list[Target]:
    invitation = invite(sent_at=timezone.now(), questions=[])
    path = answer_path(invitation)
    stop = f"/u/{make_token(Purpose.OPT_OUT, invitation.public_id)}/"
    places = {path: ANSWERED, f"{path}intent/": ANSWERED, stop: ANSWERED, **ENTRANCE}
    return [
        Target(url, method, tuple((name, ()) for name in names), None)
        for url, names in places.items()
        for method in ("GET", "POST")
    ]
