from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.utils.translation import gettext, override

from accounts.models import StaffMail
from accounts.services.access import log_in_mails
from accounts.services.access.log_in_mails import send_waiting, tell_changed
from accounts.web.second_step import StaffSecondStepAdapter, has_passkeys
from tests.staffing import make_staff
from tests.world import NOW


@pytest.mark.parametrize(
    ("site", "host"),
    [("https://koe.example", "koe.example"), ("http://localhost:8000", "localhost")],
)
def test_passkeys_are_of_the_host_of_the_site(settings, site: str, host: str) -> None:
    settings.SITE_URL = site

    assert StaffSecondStepAdapter().get_public_key_credential_rp_entity()["id"] == host
    assert has_passkeys()


@pytest.mark.django_db
def test_a_site_without_a_name_offers_none(settings) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"

    assert not has_passkeys()
    assert b"passkey" not in Client().get("/accounts/login/").content
    settings.SITE_URL = "https://koe.example"
    assert b'data-passkey="get"' in Client().get("/accounts/login/").content


@pytest.mark.django_db
def test_the_owner_is_told_what_changed_of_the_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_in_mails, "enqueue", lambda *_: None)
    user = make_staff("cs", language="ja")
    changes = set(StaffMail.Kind) - {StaffMail.Kind.RESET, StaffMail.Kind.LOCKED_OUT}

    for kind in changes:
        tell_changed(user, kind, now=NOW)

    assert send_waiting(now=NOW) == len(mail.outbox) == len(changes)
    assert len({message.body.partition("\n")[0] for message in mail.outbox}) == len(changes)
    with override("ja"):
        assert mail.outbox[0].subject == gettext("How you log in to Koe was changed")
    assert "/accounts/password/reset/key/" in mail.outbox[0].body
