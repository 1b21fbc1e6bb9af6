"""The organisation's own sign-on against a provider that runs here, and what it could lie about."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.core.cache import cache
from django.test import Client

from accounts.models import AuditEvent, StaffMail, StaffUser
from accounts.web.middleware import SessionLimits
from tests.servers.oidc import CLIENT_ID, KEY, SECRET, Claims, Provider, new_key, signed
from tests.staffing import PASSWORD, logged_in, make_staff

pytestmark = pytest.mark.django_db
OTHER_KEY = new_key()
ROLES = "example.com:cs,boss@example.com:admin"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    cache.clear()
    with Provider() as made:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = made.issuer, CLIENT_ID
        settings.OIDC_CLIENT_SECRET, settings.SIGN_ON_ROLES = SECRET, ROLES
        settings.SIGN_ON_NAME = "Example"
        yield made


def begin(client: Client, **form: str) -> str:
    """The address to which the page leads on."""
    page = client.post("/accounts/sign-on/", form).content.decode()
    return html.unescape(re.search(r'content="0;url=([^"]+)"', page)[1])


def come_back(client: Client, brought: dict[str, str]) -> Any:
    return client.get("/accounts/sign-on/callback/", brought)


def sign_on(client: Client, provider: Provider) -> Any:
    return come_back(client, provider.log_in(begin(client)))


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def noted() -> list[tuple[str, str, Any]]:
    rows = AuditEvent.objects.order_by("pk")
    return [(each.action, each.target, each.detail) for each in rows]


def refusal(answer: Any) -> str:
    assert answer.status_code == 403
    event = AuditEvent.objects.order_by("-pk")[0]
    assert event.action == "staff.sign_on_refused"
    return str(event.detail["reason"])


# --- Who comes in -------------------------------------------------------------------------------


def test_the_first_time_makes_an_account_with_the_role_of_its_domain(provider: Provider) -> None:
    client = Client()

    answer = sign_on(client, provider)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = StaffUser.objects.get()
    assert (user.email, user.name, user.role) == ("aya@example.com", "Aya Sato", "cs")
    assert not user.has_usable_password()
    assert client.get("/").status_code == 200
    assert noted() == [
        ("staff.create", user.email, {"role": "cs"}),
        ("staff.sign_on_link", user.email, {}),
        ("staff.login", user.email, {"method": "sign-on"}),
    ]
    assert StaffMail.objects.get().kind == "sign_on_linked"


def test_nothing_but_who_it_is_is_kept_of_what_the_provider_tells(provider: Provider) -> None:
    sign_on(Client(), provider)

    link = SocialAccount.objects.get()
    assert (link.uid, link.extra_data) == ("person-1", {})
    assert link.provider.startswith("oidc-")
    assert not SocialToken.objects.exists()


def test_the_next_time_finds_the_account_also_under_another_address(provider: Provider) -> None:
    sign_on(Client(), provider)
    provider.person["email"] = "aya.tanaka@example.com"
    client = Client()

    sign_on(client, provider)

    assert is_logged_in(client)
    assert StaffUser.objects.get().email == "aya@example.com"


def test_it_leads_to_the_page_that_was_asked_for_and_to_no_other_site(provider: Provider) -> None:
    client = Client()
    answer = come_back(client, provider.log_in(begin(client, next="/imports/")))
    assert answer["Location"] == "/imports/"

    client = Client()
    answer = come_back(client, provider.log_in(begin(client, next="https://evil.example/")))
    assert answer["Location"] == "/"


def test_an_account_that_an_admin_made_is_linked_by_its_address(provider: Provider) -> None:
    user = make_staff("viewer", "aya@example.com")
    provider.person["email"] = "Aya@Example.com"
    client = Client()

    sign_on(client, provider)

    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert (user.role, user.has_usable_password()) == ("viewer", True)
    assert StaffMail.objects.get().email == user.email


def test_an_admin_passes_their_second_step_whatever_the_provider_says(provider: Provider) -> None:
    boss = make_staff("admin", "boss@example.com")
    Authenticator.objects.create(user=boss, type="totp", data={"secret": "x"})
    provider.person |= {"email": boss.email, "amr": ["mfa"], "acr": "phr"}
    client = Client()

    answer = sign_on(client, provider)

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_logged_in(client)


def test_an_admin_without_a_second_step_gets_no_further_than_to_one(
    provider: Provider, settings: Any
) -> None:
    settings.ADMIN_SECOND_STEP = True
    provider.person["email"] = "boss@example.com"
    client = Client()

    sign_on(client, provider)

    assert client.get("/settings/")["Location"] == "/accounts/2fa/"


def test_for_others_the_sign_on_is_enough_and_a_password_is_not(
    provider: Provider, settings: Any
) -> None:
    settings.STAFF_SECOND_STEP = True
    user = make_staff("cs", "aya@example.com")
    client = Client()

    sign_on(client, provider)
    assert client.get("/").status_code == 200

    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/")["Location"] == "/accounts/2fa/"


def test_the_limits_of_a_session_hold_for_it(provider: Provider, time_machine: Any) -> None:
    client = Client()
    sign_on(client, provider)

    time_machine.move_to(time.time() + SessionLimits.IDLE + 1)

    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_an_address_is_told_by_userinfo_where_the_token_has_none(provider: Provider) -> None:
    provider.told_by_userinfo = {
        "sub": "person-1",
        "email": provider.person.pop("email"),
        "email_verified": provider.person.pop("email_verified"),
    }
    client = Client()

    sign_on(client, provider)

    assert is_logged_in(client)


def test_what_userinfo_tells_of_somebody_else_is_not_believed(provider: Provider) -> None:
    provider.told_by_userinfo = {"sub": "person-2", "email": "boss@example.com"}
    del provider.person["email"]

    assert refusal(sign_on(Client(), provider)) == "unproved"


# --- Who does not -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ({"email_verified": False}, "unverified"),
        ({"email_verified": "false"}, "unverified"),
        ({"email_verified": None}, "unverified"),
        ({"email": None}, "unverified"),
        ({"email": ["aya@example.com"]}, "unverified"),
        ({"email": "no address"}, "unverified"),
        # Its first letter becomes a k in small letters.
        ({"email": "\u212aen@example.com"}, "unverified"),
        ({"email": "aya@other.example"}, "unmapped"),
        ({"email": "aya@sub.example.com"}, "unmapped"),
        ({"email": "aya@example.com.evil.example"}, "unmapped"),
    ],
)
def test_who_is_not_let_in(provider: Provider, person: Claims, why: str) -> None:
    provider.person |= person
    client = Client()

    assert refusal(sign_on(client, provider)) == why
    assert not is_logged_in(client)
    assert not StaffUser.objects.exists()
    assert not SocialAccount.objects.exists()


def test_a_closed_account_stays_closed(provider: Provider) -> None:
    user = make_staff("cs", "aya@example.com", is_active=False)
    assert refusal(sign_on(Client(), provider)) == "closed"

    StaffUser.objects.update(is_active=True)
    sign_on(Client(), provider)
    StaffUser.objects.update(is_active=False)
    client = Client()
    assert refusal(sign_on(client, provider)) == "closed"
    assert noted()[-1][1] == user.email
    assert not is_logged_in(client)


def test_an_address_that_somebody_else_got_does_not_open_the_account(provider: Provider) -> None:
    sign_on(Client(), provider)
    provider.person["sub"] = "person-2"
    client = Client()

    assert refusal(sign_on(client, provider)) == "taken"
    assert not is_logged_in(client)


def test_whom_another_issuer_calls_the_same_is_not_the_same(
    provider: Provider, settings: Any
) -> None:
    sign_on(Client(), provider)
    with Provider() as other:
        settings.OIDC_ISSUER = other.issuer
        other.person["email"] = "kei@example.com"
        client = Client()
        sign_on(client, other)

    assert client.session["_auth_user_id"] == str(
        StaffUser.objects.get(name="Aya Sato", email="kei@example.com").pk
    )


def test_a_link_gives_no_more_than_the_sign_on_does(provider: Provider) -> None:
    make_staff("admin", "aya@example.com")
    client = Client()

    assert refusal(sign_on(client, provider)) == "higher"
    assert not is_logged_in(client)


def test_a_domain_that_is_no_longer_named_shuts_out_who_came_before(
    provider: Provider, settings: Any
) -> None:
    sign_on(Client(), provider)
    settings.SIGN_ON_ROLES = "boss@example.com:admin"

    assert refusal(sign_on(Client(), provider)) == "unmapped"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "not among those"), ("ja", "含まれていません")]
)
def test_the_refusal_says_why(provider: Provider, language: str, said: str) -> None:
    provider.person["email"] = "aya@other.example"
    client = Client(headers={"Accept-Language": language})

    answer = sign_on(client, provider)

    assert said in answer.content.decode()
    assert "aya@other.example" in answer.content.decode()
    # Whoever typed a stranger's address there is not named in the log.
    assert noted() == [("staff.sign_on_refused", "", {"reason": "unmapped"})]


# --- What is not believed -----------------------------------------------------------------------

LIES: dict[str, Callable[[Claims], Claims]] = {
    "another audience": lambda claims: claims | {"aud": "another"},
    "an audience of two, made for the other": lambda claims: (
        claims | {"aud": [CLIENT_ID, "another"], "azp": "another"}
    ),
    "an audience of two, made for nobody": lambda claims: claims | {"aud": [CLIENT_ID, "another"]},
    "another issuer": lambda claims: claims | {"iss": "https://evil.example"},
    "expired": lambda claims: claims | {"exp": time.time() - 120},
    "no end": lambda claims: {name: claims[name] for name in claims if name != "exp"},
    "not yet": lambda claims: claims | {"nbf": time.time() + 600},
    "no nonce": lambda claims: {name: claims[name] for name in claims if name != "nonce"},
    "another nonce": lambda claims: claims | {"nonce": "0" * 64},
    "nobody": lambda claims: claims | {"sub": ""},
    "an endless name": lambda claims: claims | {"sub": "x" * 300},
    "a number": lambda claims: claims | {"sub": 5},
}
SIGNERS: dict[str, Callable[[Claims], str]] = {
    "no signature": lambda claims: jwt.encode(
        claims, None, algorithm="none", headers={"kid": "k1"}
    ),
    "the secret's signature": lambda claims: signed(claims, key=SECRET, algorithm="HS256"),
    "another key": lambda claims: signed(claims, key=OTHER_KEY),
    "a key that nobody knows": lambda claims: signed(claims, kid="k2"),
    "no token": lambda claims: "",
    "words": lambda claims: "a.b.c",
    "cut": lambda claims: signed(claims)[:-4],
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_is_not_for_us_here_and_now_opens_nothing(
    provider: Provider, lie: Callable[[Claims], Claims]
) -> None:
    provider.lie = lie
    client = Client()

    assert refusal(sign_on(client, provider)) == "unproved"
    assert not is_logged_in(client)
    assert not StaffUser.objects.exists()


@pytest.mark.parametrize("sign", SIGNERS.values(), ids=SIGNERS)
def test_a_token_that_another_signed_opens_nothing(
    provider: Provider, sign: Callable[[Claims], str]
) -> None:
    provider.sign = sign
    client = Client()

    assert refusal(sign_on(client, provider)) == "unproved"
    assert not is_logged_in(client)


def test_the_key_of_a_lone_signer_needs_no_name(provider: Provider) -> None:
    provider.sign = lambda claims: jwt.encode(claims, KEY, algorithm="RS256")
    client = Client()

    sign_on(client, provider)

    assert is_logged_in(client)


def test_an_answer_is_good_once(provider: Provider) -> None:
    client = Client()
    brought = provider.log_in(begin(client))
    come_back(client, brought)
    client.post("/accounts/logout/")

    assert refusal(come_back(client, brought)) == "stale"
    assert not is_logged_in(client)


def test_an_answer_for_another_browser_opens_nothing_here(provider: Provider) -> None:
    """Whoever sends somebody their own answer would have them work in their account."""
    brought = provider.log_in(begin(Client()))
    victim = Client()

    assert refusal(come_back(victim, brought)) == "stale"

    # With a state of the victim's, too: the code was asked for by another verifier and nonce.
    own = provider.log_in(begin(victim))
    assert refusal(come_back(victim, {**brought, "state": own["state"]})) == "unproved"
    assert not is_logged_in(victim)


def test_the_token_of_another_log_in_opens_nothing(provider: Provider) -> None:
    kept: list[Claims] = []
    provider.lie = lambda claims: kept.append(claims) or claims
    sign_on(Client(), provider)
    provider.lie = lambda _: kept[0]
    client = Client()

    assert refusal(sign_on(client, provider)) == "unproved"


def test_an_answer_that_took_too_long_is_stale(provider: Provider, time_machine: Any) -> None:
    client = Client()
    brought = provider.log_in(begin(client))
    time_machine.move_to(time.time() + 601)

    assert refusal(come_back(client, brought)) == "stale"


@pytest.mark.parametrize(
    ("brought", "why"),
    [
        ({}, "stale"),
        ({"code": "x"}, "stale"),
        ({"code": "x", "state": "y"}, "stale"),
        ({"error": "access_denied", "state": "STATE"}, "cancelled"),
        ({"error": "server_error", "state": "STATE"}, "unproved"),
        ({"code": "", "state": "STATE"}, "unproved"),
        ({"code": "x", "state": "STATE"}, "unproved"),
    ],
)
def test_whatever_is_brought_back_ends_in_a_sentence(
    provider: Provider, brought: dict[str, str], why: str
) -> None:
    client = Client()
    own = provider.log_in(begin(client))["state"]

    given = {name: value.replace("STATE", own) for name, value in brought.items()}

    assert refusal(come_back(client, given)) == why


@pytest.mark.parametrize("path", ["/token", "/keys"])
@pytest.mark.parametrize(
    "answer", [(500, b""), (200, b""), (200, b"[]"), (200, b"{"), (200, b'{"access_token": "a"}')]
)
def test_a_provider_that_answers_nonsense_ends_in_a_sentence(
    provider: Provider, path: str, answer: tuple[int, bytes]
) -> None:
    provider.answers[path] = answer

    assert refusal(sign_on(Client(), provider)) == "unproved"


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "http://evil.example/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
        {"authorization_endpoint": "https://[/"},
    ],
)
def test_a_description_of_another_or_over_http_is_not_followed(
    provider: Provider, described: Claims
) -> None:
    provider.described = described

    assert refusal(Client().post("/accounts/sign-on/")) == "unreachable"


@pytest.mark.parametrize("answer", [(503, b""), (200, b"[]"), (200, b"x"), (302, b"")])
def test_a_provider_that_is_away_is_said(provider: Provider, answer: tuple[int, bytes]) -> None:
    provider.answers["/.well-known/openid-configuration"] = answer

    assert refusal(Client().post("/accounts/sign-on/")) == "unreachable"


# --- Its pages ----------------------------------------------------------------------------------


def test_the_log_in_page_offers_it_only_where_it_is_configured(
    provider: Provider, settings: Any
) -> None:
    assert "Log in with Example" in Client().get("/accounts/login/").content.decode()

    settings.OIDC_ISSUER = ""
    assert "sign-on" not in Client().get("/accounts/login/").content.decode()
    assert Client().post("/accounts/sign-on/").status_code == 404
    assert Client().get("/accounts/sign-on/callback/").status_code == 404


def test_it_begins_by_a_post_of_ours_alone(provider: Provider) -> None:
    assert Client().get("/accounts/sign-on/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/accounts/sign-on/").status_code == 403
    assert Client().post("/accounts/sign-on/callback/").status_code == 405


def test_its_pages_keep_our_policy(provider: Provider) -> None:
    """No form may end elsewhere: a browser holds that against a redirect, too."""
    client = Client()

    pages = [client.post("/accounts/sign-on/"), come_back(client, {})]

    for page in pages:
        assert "form-action 'self'" in page["Content-Security-Policy"]
        assert "no-store" in page["Cache-Control"]
    assert pages[0].status_code == 200


def test_what_a_request_adds_does_not_reach_the_provider(provider: Provider) -> None:
    query = "?scope=admin&auth_params=prompt%3Dnone%26nonce%3Dx&process=connect&next=/imports/"
    page = Client().post("/accounts/sign-on/" + query).content.decode()

    assert not {"admin", "prompt", "nonce=x"} & set(re.split(r"[?&;+]", html.unescape(page)))


def test_only_so_many_begin_from_one_network(provider: Provider) -> None:
    client = Client()
    answers = [client.post("/accounts/sign-on/").status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


def test_nobody_fills_the_audit_log_with_refusals(provider: Provider) -> None:
    answers = [come_back(Client(), {"state": "x"}).status_code for _ in range(62)]

    assert answers == [403] * 60 + [429] * 2
    assert AuditEvent.objects.count() == 60


def test_rows_of_the_library_s_table_open_nothing(provider: Provider, settings: Any) -> None:
    settings.OIDC_ISSUER = ""
    SocialApp.objects.create(provider="oidc", provider_id="evil", client_id="x", name="Evil")

    assert Client().post("/accounts/sign-on/").status_code == 404
    assert "Evil" not in Client().get("/accounts/login/").content.decode()


def test_an_admin_removes_a_link(provider: Provider) -> None:
    sign_on(Client(), provider)
    user = StaffUser.objects.get()
    admin = logged_in(make_staff("admin"))
    page = f"/settings/staff/{user.pk}/"
    assert "Remove the link" in admin.get(page).content.decode()

    admin.post(f"{page}sign-on/")

    assert not SocialAccount.objects.exists()
    assert noted()[-1] == ("staff.sign_on_unlink", user.email, {})
    assert "Remove the link" not in admin.get(page).content.decode()
