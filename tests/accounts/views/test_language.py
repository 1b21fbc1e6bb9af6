from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from accounts.models import StaffUser
from accounts.services.access.staff import send_reset
from tests.staffing import client_as, logged_in, make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "/i18n/setlang/"


def test_the_language_that_staff_choose_is_kept_with_the_account() -> None:
    user = make_staff("cs")

    answer = logged_in(user).post(ADDRESS, {"language": "ja", "next": "/campaigns/"})

    assert (answer.status_code, answer["Location"]) == (302, "/campaigns/")
    assert StaffUser.objects.get().language == "ja"
    # On another machine, without the cookie.
    assert "キャンペーン" in logged_in(user).get("/campaigns/").content.decode()


def test_who_changes_their_mind_gets_the_other_language_on_the_same_machine() -> None:
    client = client_as("cs")
    client.post(ADDRESS, {"language": "ja"})
    client.post(ADDRESS, {"language": "en"})

    assert "キャンペーン" not in client.get("/campaigns/").content.decode()


def test_e_mails_come_in_the_chosen_language() -> None:
    user = make_staff("cs")
    logged_in(user).post(ADDRESS, {"language": "ja"})

    send_reset(user.email, language="en", now=NOW)

    assert mail.outbox[0].subject == "Koe のパスワード再設定"


@pytest.mark.parametrize("language", ["", "fr", "x" * 100])
def test_a_language_that_there_is_not_is_not_kept(language: str) -> None:
    user = make_staff("cs", language="ja")

    logged_in(user).post(ADDRESS, {"language": language})

    assert StaffUser.objects.get().language == "ja"


def test_who_has_not_logged_in_and_who_only_reads_change_nothing() -> None:
    user = make_staff("cs")

    assert Client().post(ADDRESS, {"language": "ja"}).status_code == 302
    assert logged_in(user).get(f"{ADDRESS}?language=ja").status_code == 302
    assert StaffUser.objects.get().language == ""
