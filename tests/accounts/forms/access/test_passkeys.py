"""Passkeys against who has one that is not theirs, or posts what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from fido2 import cbor
from fido2.utils import websafe_encode

from accounts.models import AuditEvent, StaffUser
from tests.accounts.authenticator import Passkey
from tests.staffing import PASSWORD, make_staff

pytestmark = pytest.mark.django_db
ADD = "/accounts/2fa/webauthn/add/"
LOGIN = "/accounts/2fa/webauthn/login/"
STEP = "/accounts/2fa/authenticate/"


@pytest.fixture(autouse=True)
def _site(settings):
    cache.clear()
    settings.SITE_URL = "https://koe.example"


def log_in(client: Client, user: StaffUser) -> None:
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def confirmed(user: StaffUser) -> Client:
    client = Client()
    log_in(client, user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def asked(answer: Any, name: str) -> dict[str, Any]:
    """As the browser gets it."""
    return json.loads(json.dumps(dict(answer.context["js_data"][name]), default=dict))


def add(client: Client, key: Passkey, **changed: Any) -> None:
    options = asked(client.get(ADD), "creation_options")
    client.post(ADD, {"name": "Phone", "credential": key.registers(options, **changed)})


def challenge(client: Client) -> dict[str, Any]:
    return client.get(LOGIN, headers={"Accept": "application/json"}).json()["request_options"]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def user() -> StaffUser:
    return make_staff("cs")


@pytest.fixture
def key(user: StaffUser) -> Passkey:
    made = Passkey()
    add(confirmed(user), made)
    assert Authenticator.objects.filter(user=user, type="webauthn").exists()
    return made


@pytest.mark.parametrize(
    "changed",
    [
        {"site": "https://old.koe.example"},
        {"site": "http://koe.example"},
        {"site": "https://koe.example.evil.example"},
        {"verified": False},
    ],
)
def test_of_another_site_or_without_a_pin_no_passkey_is_taken(user, changed) -> None:
    client = confirmed(user)
    add(client, Passkey(), **changed)
    assert not Authenticator.objects.exists()
    client.logout()
    good = Passkey()
    add(confirmed(user), good)

    visitor = Client()
    visitor.post(LOGIN, {"credential": good.shows(challenge(visitor), **changed)})

    assert not is_in(visitor)
    [failed] = AuditEvent.objects.filter(action="staff.login_failed")
    assert failed.detail == {"step": "passkey"}
    visitor.post(LOGIN, {"credential": good.shows(challenge(visitor))})
    assert is_in(visitor)


def test_what_was_shown_once_opens_nothing_again(key: Passkey) -> None:
    visitor = Client()
    shown = key.shows(challenge(visitor))
    visitor.post(LOGIN, {"credential": shown})
    assert is_in(visitor)
    visitor.logout()

    for again in (visitor, Client()):
        challenge(again)
        again.post(LOGIN, {"credential": shown})
        assert not is_in(again)


def test_a_key_without_a_pin_opens_nobody_by_the_challenge_of_another(user, key) -> None:
    """Who has a password of their own gets a challenge as the second step, and a stolen key."""
    thief = make_staff("cs", "thief@koe.example")
    add(confirmed(thief), Passkey())
    client = Client()
    log_in(client, thief)
    options = asked(client.get(STEP), "request_options")

    client.post(LOGIN, {"credential": key.shows(options, verified=False)})

    assert not is_in(client)


def test_a_key_is_its_owners_alone(user: StaffUser, key: Passkey) -> None:
    other = make_staff("admin")
    add(confirmed(other), Passkey())
    client = Client()
    log_in(client, other)
    options = asked(client.get(STEP), "request_options")
    client.post(STEP, {"credential": key.shows(options)})
    assert not is_in(client)

    visitor = Client()
    handle = websafe_encode(str(other.pk).encode())
    visitor.post(LOGIN, {"credential": key.shows(challenge(visitor), handle=handle)})
    assert not is_in(visitor)
    passkey = Authenticator.objects.get(user=user, type="webauthn")
    client.force_login(other)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/").status_code == 404


def test_a_closed_account_has_no_use_of_its_key(user: StaffUser, key: Passkey) -> None:
    StaffUser.objects.update(is_active=False)
    visitor = Client()

    visitor.post(LOGIN, {"credential": key.shows(challenge(visitor))})

    assert not is_in(visitor)


def test_the_session_alone_takes_no_key_away(user: StaffUser, key: Passkey) -> None:
    client = Client()
    client.force_login(user)
    passkey = Authenticator.objects.get(user=user, type="webauthn")

    answer = client.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/")

    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def nonsense(key: Passkey, options: dict[str, Any]) -> list[str]:
    good = json.loads(key.shows(options, verified=False))
    said = good["response"]["clientDataJSON"]
    deep = websafe_encode(b"\x81" * 9_000)
    found: list[Any] = [None, [], "x", 1, {}, {"response": None}, {"response": []}]
    wrong: list[Any] = [None, 1, [], {}, "é"]
    for name in ("id", "rawId", "type", "response"):
        found += [{**good, name: value} for value in wrong]
    values: list[Any] = [None, 1, "", "AA", "!", {}, deep, websafe_encode(b"\xff\xff")]
    for name in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        for value in values:
            found.append({**good, "response": {**good["response"], name: value}})
    for attested in (b"", b"\x00", cbor.encode({}), cbor.encode({"fmt": "x", "authData": b"1"})):
        response = {"clientDataJSON": said, "attestationObject": websafe_encode(attested)}
        found.append({**good, "response": response})
    found.append({**good, "response": {"clientDataJSON": said, "attestationObject": deep}})
    return ["", "{", "[" * 5_000, "9" * 30_000, *map(json.dumps, found)]


def test_nonsense_is_refused_in_every_form(user: StaffUser, key: Passkey, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "9999/m/key", "reauthenticate": "9999/m/user"}
    settings.MFA_RATE_LIMITS = {"webauthn_login": "9999/m/ip"}
    owner, half, visitor = Client(), Client(), Client()
    owner.force_login(user)
    owner.post("/accounts/reauthenticate/", {"password": PASSWORD})
    log_in(half, user)
    options = challenge(visitor)

    owner.get(ADD)
    for number, each in enumerate(nonsense(key, options)):
        assert visitor.post(LOGIN, {"credential": each}).status_code == 302
        assert owner.post(ADD, {"credential": each}).status_code == 200
        if number % 12 == 0:
            assert half.post(STEP, {"credential": each}).status_code == 200
            again = owner.post("/accounts/2fa/webauthn/reauthenticate/", {"credential": each})
            assert again.status_code == 302

    assert not is_in(half)
    assert not is_in(visitor)
    assert Authenticator.objects.filter(type="webauthn").count() == 1
