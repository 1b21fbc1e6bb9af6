from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AuditEvent, StaffUser
from tests.staffing import PASSWORD, logged_in, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> StaffUser:
    return make_staff("admin")


def test_a_new_staff_user_gets_a_mail_and_chooses_a_password(admin) -> None:
    answer = logged_in(admin).post(
        "/settings/staff/new/", {"email": "New@koe.example", "name": "Aya", "role": "cs"}
    )

    user = StaffUser.objects.get(email="new@koe.example")
    assert answer["Location"] == "/settings/staff/"
    assert (user.name, user.role, user.has_usable_password()) == ("Aya", "cs", False)
    assert [message.to for message in mail.outbox] == [["new@koe.example"]]
    link = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[0].body)[0]
    visitor = Client()
    form = visitor.get(link, follow=True).redirect_chain[-1][0]
    visitor.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    event = AuditEvent.objects.get(action="staff.create")
    assert (event.actor, event.target, event.detail) == (admin, "new@koe.example", {"role": "cs"})


def test_a_change_of_role_is_on_record(admin) -> None:
    user = make_staff("cs")

    logged_in(admin).post(
        f"/settings/staff/{user.pk}/", {"name": "Ken", "role": "viewer", "is_active": "on"}
    )

    user.refresh_from_db()
    assert (user.name, user.role, user.is_active) == ("Ken", "viewer", True)
    event = AuditEvent.objects.get(action="staff.role")
    assert (event.actor, event.detail) == (admin, {"before": "cs", "after": "viewer"})


@pytest.mark.parametrize("fields", [{"role": "cs", "is_active": "on"}, {"role": "admin"}])
def test_the_last_admin_cannot_lock_everybody_out(admin, fields: dict[str, str]) -> None:
    make_staff("admin", "closed@koe.example", is_active=False)

    answer = logged_in(admin).post(f"/settings/staff/{admin.pk}/", fields)

    admin.refresh_from_db()
    assert answer.status_code == 422
    assert "This is the last admin." in answer.content.decode()
    assert (admin.role, admin.is_active) == ("admin", True)


def test_the_mail_with_the_link_is_sent_again(admin) -> None:
    user = make_staff("cs")

    logged_in(admin).post(f"/settings/staff/{user.pk}/invite/")

    assert [message.to for message in mail.outbox] == [["cs@koe.example"]]


def test_the_list_shows_everybody(admin) -> None:
    make_staff("viewer", name="Vera")

    html = logged_in(admin).get("/settings/staff/").content.decode()

    assert "admin@koe.example" in html
    assert "Vera" in html


def with_second_step(user: StaffUser) -> StaffUser:
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=user, type=kind, data={})
    return user


def test_an_admin_takes_the_second_step_of_a_lost_phone_away(admin) -> None:
    somebody = with_second_step(make_staff("cs"))
    path = f"/settings/staff/{somebody.pk}/"
    client = logged_in(admin)
    assert f'action="{path}second-step/"' in client.get(path).content.decode()

    answer = client.post(f"{path}second-step/")

    assert answer["Location"] == path
    assert not Authenticator.objects.filter(user=somebody).exists()
    event = AuditEvent.objects.get(action="staff.second_step_removed")
    assert (event.actor, event.target) == (admin, somebody.email)
    assert "second-step/" not in client.get(path).content.decode()


def test_nobody_takes_their_own_second_step_away_without_a_code(admin) -> None:
    with_second_step(admin)
    path = f"/settings/staff/{admin.pk}/"
    client = logged_in(admin)

    assert "second-step/" not in client.get(path).content.decode()
    assert client.post(f"{path}second-step/").status_code == 404
    assert Authenticator.objects.filter(user=admin).count() == 2


def test_the_operator_helps_a_lone_admin_who_lost_the_phone(admin) -> None:
    with pytest.raises(CommandError, match="has no second step"):
        call_command("reset_second_step", admin.email)
    with pytest.raises(CommandError, match="No staff user has the address"):
        call_command("reset_second_step", "nobody@koe.example")
    with_second_step(admin)

    call_command("reset_second_step", admin.email.upper())

    assert not Authenticator.objects.exists()
    event = AuditEvent.objects.get(action="staff.second_step_removed")
    assert (event.actor, event.target) == (None, admin.email)
