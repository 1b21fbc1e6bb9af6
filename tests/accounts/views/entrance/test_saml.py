"""SAML from end to end, and what a forged answer could say; who comes in is test_sign_on.py's."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from accounts.models import AuditEvent, StaffUser
from tests.servers.oidc import new_key
from tests.servers.saml import CERTIFICATE, ENTITY, SSO_URL, answer, asked

pytestmark = pytest.mark.django_db
HERE = "http://testserver/accounts/sign-on/saml/koe"
ACS, OUR_NAME = f"{HERE}/acs/", f"{HERE}/metadata/"
OTHER_KEY = new_key()


@pytest.fixture(autouse=True)
def _configured(settings: Any) -> None:
    cache.clear()
    settings.SAML_ENTITY_ID, settings.SAML_SSO_URL = ENTITY, SSO_URL
    settings.SAML_CERTIFICATE, settings.SIGN_ON_ROLES = CERTIFICATE, "example.com:cs"
    settings.ROOT_URLCONF = "tests.accounts.views.entrance.saml_urls"


def browser() -> Client:
    return Client(headers={"Host": "testserver"})


def begin(client: Client) -> dict[str, str]:
    page = client.post("/accounts/sign-on/").content.decode()
    return asked(html.unescape(re.search(r'content="0;url=([^"]+)"', page)[1]))


def come_back(client: Client, response: str) -> Any:
    taken = client.post(ACS, {"SAMLResponse": response})
    return client.get(taken["Location"]) if taken.status_code == 302 else taken


def sign_on(client: Client, **changed: Any) -> Any:
    return come_back(client, answer(begin(client), audience=OUR_NAME, **changed))


def refusal(response: Any) -> str:
    assert response.status_code == 403
    event = AuditEvent.objects.order_by("-pk")[0]
    assert event.action == "staff.sign_on_refused"
    return str(event.detail["reason"])


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_who_comes_has_an_account_and_the_next_time_the_same(settings: Any) -> None:
    for _ in range(2):
        client = browser()
        assert sign_on(client)["Location"] == "/"
        assert is_logged_in(client)

    link = SocialAccount.objects.get()
    assert (link.uid, link.extra_data, link.user.email) == ("person-1", {}, "aya@example.com")
    assert StaffUser.objects.get().role == "cs"


def test_whose_domain_is_not_named_stays_out() -> None:
    assert refusal(sign_on(browser(), email="aya@other.example")) == "unmapped"
    assert refusal(sign_on(browser(), email="")) == "unverified"


@pytest.mark.parametrize(
    "lie",
    [
        {"is_signed": False},
        {"key": OTHER_KEY},
        {"audience": "https://another.example"},
        {"issuer": "https://evil.example"},
        {"recipient": "https://another.example/acs/"},
        {"ends": -200, "begins": -600},
        {"begins": 600, "ends": 900},
        # A true assertion of another log-in, in an envelope for this one.
        {"answers": "_of_another"},
    ],
)
def test_an_answer_that_is_not_for_us_here_and_now_opens_nothing(lie: dict[str, Any]) -> None:
    client = browser()
    request = begin(client)

    response = come_back(client, answer(request, **{"audience": OUR_NAME, **lie}))

    assert refusal(response) == "unproved"
    assert not is_logged_in(client)
    assert not StaffUser.objects.exists()


def test_an_answer_is_good_once_and_in_the_browser_that_asked() -> None:
    client = browser()
    response = answer(begin(client), audience=OUR_NAME)

    assert refusal(come_back(browser(), response)) == "stale"
    come_back(client, response)
    assert is_logged_in(client)
    client.post("/accounts/logout/")
    assert refusal(come_back(client, response)) == "stale"
    assert not is_logged_in(client)


def test_an_answer_that_nobody_asked_for_opens_nothing() -> None:
    nobody = {"id": "_never", "acs": ACS}
    assert refusal(come_back(browser(), answer(nobody, audience=OUR_NAME))) == "stale"


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "another address": lambda xml: xml.replace(b"aya@example.com", b"boss@example.com"),
    "an entity": lambda xml: b'<!DOCTYPE r [<!ENTITY x "y">]>' + xml,
    "no XML": lambda xml: b"<",
    "nothing": lambda xml: b"",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_answer_that_was_changed_opens_nothing(change: Callable[[bytes], bytes]) -> None:
    client = browser()
    response = base64.b64decode(answer(begin(client), audience=OUR_NAME))

    changed = base64.b64encode(change(response)).decode()

    assert refusal(come_back(client, changed)) == "unproved"
    assert not is_logged_in(client)


def test_a_comment_does_not_cut_an_address_short() -> None:
    """Signatures do not see comments; a reader that stops at one would read another address."""
    client, told = browser(), "boss@example.com.evil.example"
    response = base64.b64decode(answer(begin(client), audience=OUR_NAME, email=told))
    cut = response.replace(told.encode(), b"boss@example.com<!---->.evil.example")

    assert refusal(come_back(client, base64.b64encode(cut).decode())) in ("unmapped", "unproved")
    assert not StaffUser.objects.exists()


def test_whatever_is_posted_ends_in_a_sentence_and_is_not_kept() -> None:
    assert refusal(come_back(browser(), "x" * 300_000)) == "unproved"
    assert refusal(come_back(browser(), "%%%")) == "unproved"
    assert refusal(browser().get(ACS)) == "unproved"
    assert refusal(browser().get(f"{ACS}finish/")) in ("stale", "unproved")
    assert browser().post(f"{HERE}/sls/").status_code == 404


def test_what_waits_for_the_browser_is_read_by_no_script() -> None:
    taken = browser().post(ACS, {"SAMLResponse": "x"})
    assert taken.cookies["saml-acs-session"]["httponly"]


def test_the_metadata_say_what_we_are_called() -> None:
    page = browser().get(OUR_NAME).content.decode()
    assert f'entityID="{OUR_NAME}"' in page
    assert ACS in page


def test_nobody_fills_the_audit_log_or_the_sessions_with_answers() -> None:
    answers = [browser().post(ACS, {"SAMLResponse": "x"}).status_code for _ in range(61)]

    assert answers == [302] * 60 + [429]
    assert browser().get(f"{ACS}finish/").status_code == 429
    assert not AuditEvent.objects.exists()
