"""Log-in, log-out, passwords and the second step, as a browser without JavaScript sees them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils.translation import gettext, override

from accounts import tasks
from accounts.models import AuditEvent, StaffMail, StaffUser
from accounts.services.access import log_in_mails
from tests.staffing import PASSWORD, logged_in, make_staff

pytestmark = pytest.mark.django_db
NEW = "another staple 42 battery"
ACCOUNT_LIMIT = "login_failed_of_account"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture(autouse=True)
def enqueued(monkeypatch) -> list[tuple[object, ...]]:
    """What was enqueued, done at once."""
    calls: list[tuple[object, ...]] = []

    def enqueue(task: str, *args: Any) -> None:
        calls.append((task, *args))
        getattr(tasks, task.rpartition(".")[2])(*args)

    monkeypatch.setattr(log_in_mails, "enqueue", enqueue)
    return calls


def log_in(client: Client, *, email: str = "admin@koe.example", password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def confirm_password(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    counter = next(auth.yield_hotp_counters_from_time())
    return auth.format_hotp_value(auth.hotp_value(secret, counter))


def reset_link() -> str:
    return re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)[1]


def test_log_in_leads_home() -> None:
    make_staff("admin")
    client = Client()

    answer = log_in(client)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_logged_in(client)


def test_log_in_takes_the_address_in_any_case() -> None:
    make_staff("admin")
    client = Client()

    log_in(client, email="Admin@KOE.example")

    assert is_logged_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [("admin@koe.example", "wrong password 1"), ("nobody@koe.example", PASSWORD)],
)
def test_log_in_refuses_with_one_sentence_for_every_cause(email: str, password: str) -> None:
    make_staff("admin")
    client = Client()

    answer = log_in(client, email=email, password=password)

    assert not is_logged_in(client)
    assert "The email address and/or password you specified are not correct." in (
        answer.content.decode()
    )


def test_a_closed_account_cannot_log_in() -> None:
    make_staff("admin", is_active=False)
    client = Client()

    log_in(client)

    assert not is_logged_in(client)


def test_closing_an_account_ends_its_session() -> None:
    user = make_staff("admin")
    client = logged_in(user)
    StaffUser.objects.update(is_active=False)

    answer = client.get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/")


def test_the_page_asked_for_comes_after_the_log_in() -> None:
    make_staff("admin")
    client = Client()
    page = client.get("/customers/")

    answer = client.post(page["Location"], {"login": "admin@koe.example", "password": PASSWORD})

    assert answer["Location"] == "/customers/"


def test_log_in_sends_nobody_to_another_site() -> None:
    make_staff("admin")

    answer = Client().post(
        "/accounts/login/?next=https://evil.example/",
        {"login": "admin@koe.example", "password": PASSWORD},
    )

    assert answer["Location"] == "/"


def test_wrong_passwords_are_limited_for_an_account() -> None:
    make_staff("admin")
    client = Client()
    for _ in range(5):
        log_in(client, password="wrong password 1")

    answer = log_in(client)

    assert not is_logged_in(client)
    assert "Too many failed login attempts" in answer.content.decode()


def test_a_stranger_elsewhere_locks_nobody_out_and_the_owner_is_told_once() -> None:
    make_staff("admin")
    stranger = Client(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="stranger")
    for _ in range(8):
        log_in(stranger, password="wrong password 1")
    neighbour = Client(REMOTE_ADDR="203.0.113.10")
    log_in(neighbour)
    assert not is_logged_in(neighbour)

    owner = Client(REMOTE_ADDR="198.51.100.4")
    log_in(owner)

    assert is_logged_in(owner)
    [message] = mail.outbox
    assert (message.to, message.subject) == (
        ["admin@koe.example"],
        "Somebody tried to log in to your Koe account",
    )
    assert "203.0.113.9." in message.body
    assert AuditEvent.objects.filter(action="staff.locked_out").count() == 4


def test_a_new_password_by_mail_leads_past_who_guesses_from_everywhere(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, ACCOUNT_LIMIT: "3/h/key"}
    user = make_staff("admin")
    for number in range(4):
        stranger = Client(REMOTE_ADDR=f"203.0.{number}.9")
        log_in(stranger, password="wrong password 1")
    owner = Client(REMOTE_ADDR="198.51.100.4")
    assert "Too many failed login attempts" in log_in(owner).content.decode()
    # What was right does not count, and nobody else is held up.
    other = Client()
    log_in(other, email=make_staff("cs").email)
    assert is_logged_in(other)

    form = owner.get(reset_link(), follow=True)
    owner.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})

    assert is_logged_in(owner)
    again = Client(REMOTE_ADDR="198.51.100.4")
    log_in(again, email=user.email, password=NEW)
    assert is_logged_in(again)


def test_log_out_needs_a_post() -> None:
    client = logged_in(make_staff("admin"))

    assert client.get("/accounts/logout/").status_code == 200
    assert is_logged_in(client)

    answer = client.post("/accounts/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert not is_logged_in(client)


def test_password_change_keeps_the_session_and_the_old_one_stops_working() -> None:
    user = make_staff("admin")
    client = logged_in(user)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert client.get("/").status_code == 200
    stranger = Client()
    log_in(stranger)
    assert not is_logged_in(stranger)


def test_password_change_refuses_a_short_one() -> None:
    user = make_staff("admin")

    answer = logged_in(user).post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "short", "password2": "short"},
    )

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert "at least 12 characters" in answer.content.decode()


def test_password_reset_by_mail_works_once() -> None:
    user = make_staff("admin")
    client = Client()

    answer = client.post("/accounts/password/reset/", {"email": user.email})

    assert answer["Location"] == "/accounts/password/reset/done/"
    assert [message.to for message in mail.outbox] == [[user.email]]
    assert mail.outbox[0].subject == "Choose a new password for Koe"
    link = reset_link()
    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "no longer valid" in Client().get(link, follow=True).content.decode()


def test_password_reset_speaks_the_language_of_the_account() -> None:
    make_staff("admin", language="ja")

    Client().post("/accounts/password/reset/", {"email": "admin@koe.example"})

    with override("ja"):
        assert mail.outbox[0].subject == gettext("Choose a new password for Koe")


def test_password_reset_tells_nobody_who_has_an_account() -> None:
    make_staff("admin")

    known = Client().post("/accounts/password/reset/", {"email": "admin@koe.example"})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@koe.example"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mail.outbox) == 1


def test_password_reset_does_the_same_work_for_any_address(
    enqueued, monkeypatch, django_assert_num_queries
) -> None:
    make_staff("admin")
    monkeypatch.setattr(tasks, "send_log_in_mails", lambda: None)
    both = ["admin@koe.example", "nobody@koe.example"]

    for email in both:
        with django_assert_num_queries(1):
            Client().post("/accounts/password/reset/", {"email": email})

    assert enqueued == [("accounts.tasks.send_log_in_mails",)] * 2
    rows = StaffMail.objects.order_by("pk").values_list("kind", "email", "language")
    assert list(rows) == [("reset", email, "en") for email in both]


def test_a_closed_account_gets_no_link() -> None:
    user = make_staff("cs")
    StaffUser.objects.filter(pk=user.pk).update(is_active=False)

    Client().post("/accounts/password/reset/", {"email": user.email})

    assert mail.outbox == []


def test_two_step_log_in_asks_for_the_code() -> None:
    user = make_staff("admin")
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    client = Client()

    answer = log_in(client)

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_logged_in(client)
    client.post(answer["Location"], {"code": "000000"})
    assert not is_logged_in(client)
    code = code_of(secret)
    client.post(answer["Location"], {"code": code})
    assert is_logged_in(client)


def test_an_authenticator_is_set_up_and_taken_off() -> None:
    user = make_staff("admin")
    client = Client()
    log_in(client)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 302
    confirm_password(client)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    code = code_of(secret)

    client.post("/accounts/2fa/totp/activate/", {"code": code})

    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    codes = client.get("/accounts/2fa/recovery-codes/")
    assert codes.status_code == 200
    assert "<script>" not in codes.content.decode()
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=user).exists()


def test_a_stranger_who_asks_for_a_new_password_shuts_nobody_out_of_the_second_step() -> None:
    user = make_staff("admin")
    Client().post("/accounts/password/reset/", {"email": user.email})
    client = Client()
    log_in(client)
    confirm_password(client)

    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_the_link_in_the_mail_leads_to_our_site_whatever_host_was_asked(
    settings, mailoutbox
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://koe.example"
    user = make_staff("admin")

    Client().post("/accounts/password/reset/", {"email": user.email}, HTTP_HOST="evil.example")

    body = mailoutbox[0].body
    assert "https://koe.example/accounts/password/reset/key/" in body
    assert "evil.example" not in body


PAGES = [
    "/accounts/login/",
    "/accounts/inactive/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-nonsense/",
    "/accounts/signup/",
    "/accounts/confirm-email/",
]
PAGES_OF_MEMBERS = [
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
]


@pytest.mark.parametrize("path", [*PAGES, *PAGES_OF_MEMBERS])
def test_no_page_brings_styles_or_scripts_of_its_own(path: str) -> None:
    client = Client()
    if path in PAGES_OF_MEMBERS:
        make_staff("admin")
        log_in(client)
        confirm_password(client)

    answer = client.get(path)

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "/static/css/koe.css" in html
    assert re.findall(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", html) == []


def test_the_log_in_labels_its_fields_in_the_words_of_the_house(client: Client, db: None) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Language": "en"}).content.decode()

    assert re.search(r'for="id_login"[^>]*>\s*E-mail<', page)
    assert "placeholder" not in page
