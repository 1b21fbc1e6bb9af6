from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.domain.access.demo import DEMO_PASSWORD
from accounts.domain.access.roles import Role
from accounts.models import AuditEvent, StaffUser
from accounts.services.access import staff
from tests.at_once import run_at_once
from tests.staffing import PASSWORD, logged_in, make_staff
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def admin() -> StaffUser:
    return make_staff("admin")


def test_one_of_two_admins_may_go(admin) -> None:
    other = make_staff("admin", "other@koe.example")

    logged_in(admin).post(f"/settings/staff/{other.pk}/", {"role": "admin"})

    other.refresh_from_db()
    assert not other.is_active


@pytest.mark.django_db(transaction=True)
def test_two_admins_cannot_close_each_other_at_once() -> None:
    first, second = make_staff("admin", "a@koe.example"), make_staff("admin", "b@koe.example")
    start = threading.Barrier(2)

    def close(user: StaffUser, by: StaffUser) -> None:
        start.wait()
        try:
            staff.change_staff(
                user, name="", role=Role.ADMIN, is_active=False, by=by, now=timezone.now()
            )
        except staff.StaffError:
            pass
        finally:
            connection.close()

    threads = [
        threading.Thread(target=close, args=pair) for pair in [(first, second), (second, first)]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert StaffUser.objects.filter(is_active=True).count() == 1


def test_a_new_one_goes_by_a_small_address_and_is_on_record_without_the_password() -> None:
    admin = make_staff("admin")

    user = staff.create_staff(" New@Koe.example ", role=Role.CS, name="Aya", by=admin, now=NOW)

    assert (user.email, user.role, user.has_usable_password()) == ("new@koe.example", "cs", False)
    event = AuditEvent.objects.get()
    assert (event.actor, event.at, event.target) == (admin, NOW, "new@koe.example")
    assert (event.action, event.detail) == ("staff.create", {"role": "cs"})
    with pytest.raises(staff.StaffError, match=r"^new@koe.example already has an account\.$"):
        staff.create_staff("NEW@koe.example", role=Role.CS, by=None, now=NOW)


@pytest.mark.parametrize("password", ["short", "newcomer@koe", ""])
def test_a_weak_password_makes_nobody(password: str) -> None:
    with pytest.raises(ValidationError):
        staff.create_staff(
            "newcomer@koe.example", role=Role.CS, password=password, by=None, now=NOW
        )

    assert (StaffUser.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_each_change_is_on_record_and_a_new_name_is_none() -> None:
    admin, user = make_staff("admin"), make_staff("cs")
    # What the page read before somebody else changed it does not decide what is written down.
    stale = StaffUser.objects.get(pk=user.pk)

    def change(**fields: Any) -> None:
        wanted = {"name": "Ken", "role": Role.CS, "is_active": True} | fields
        staff.change_staff(stale, by=admin, now=NOW, **wanted)

    change()
    change(role=Role.VIEWER, is_active=False)
    change(role=Role.VIEWER, is_active=False)
    change(role=Role.VIEWER)

    assert list(AuditEvent.objects.order_by("pk").values_list("action", "detail")) == [
        ("staff.role", {"before": "cs", "after": "viewer"}),
        ("staff.close", {}),
        ("staff.open", {}),
    ]


@pytest.mark.parametrize("change", [{"role": Role.CS}, {"is_active": False}])
def test_the_last_active_admin_stays_and_a_closed_one_does_not_count(
    admin: StaffUser, change: dict[str, Any]
) -> None:
    make_staff("admin", "closed@koe.example", is_active=False)
    wanted = {"name": "", "role": Role.ADMIN, "is_active": True} | change

    with pytest.raises(staff.StaffError, match="This is the last admin"):
        staff.change_staff(admin, by=admin, now=NOW, **wanted)

    assert StaffUser.objects.get(pk=admin.pk).is_staff


def test_demo_log_ins_are_closed_only_while_they_have_the_published_password() -> None:
    for role, password in (("admin", DEMO_PASSWORD), ("cs", PASSWORD), ("viewer", DEMO_PASSWORD)):
        StaffUser.objects.create_user(f"{role}@koe.example", password, role=role)
    StaffUser.objects.create_user("own@koe.example", DEMO_PASSWORD, role="cs")
    StaffUser.objects.filter(role="viewer").update(is_active=False)

    assert staff.close_demo_logins(now=NOW) == ["admin@koe.example"]
    assert staff.close_demo_logins(now=NOW) == []

    active = StaffUser.objects.filter(is_active=True).values_list("email", flat=True)
    assert set(active) == {"cs@koe.example", "own@koe.example"}
    assert AuditEvent.objects.get().target == "admin@koe.example"


@pytest.mark.parametrize(
    ("own", "page", "subject"),
    [
        ("ja", "en", "Koe のパスワード再設定"),
        ("", "ja", "Koe のパスワード再設定"),
        ("en", "ja", ""),
    ],
)
def test_a_forgotten_password_is_answered_in_the_language_of_the_account(
    own: str, page: str, subject: str, settings
) -> None:
    settings.SITE_URL = "https://koe.example"
    make_staff("cs", language=own)

    staff.send_reset("CS@koe.example", language=page, now=NOW)

    [message] = mail.outbox
    assert message.subject == (subject or "Choose a new password for Koe")
    assert "https://koe.example/accounts/password/reset/key/" in message.body


def test_a_forgotten_password_of_nobody_and_of_a_closed_account_is_not_answered() -> None:
    make_staff("cs", is_active=False)

    staff.send_reset("cs@koe.example", language="en", now=NOW)
    staff.send_reset("nobody@koe.example", language="en", now=NOW)

    assert mail.outbox == []


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_an_account_that_two_make_at_once_is_made_once_and_the_other_is_told() -> None:
    told: list[str] = []

    def make() -> None:
        try:
            staff.create_staff("a@koe.example", role=Role.CS, by=None, now=NOW)
        except staff.StaffError as error:
            told.append(str(error))

    run_at_once([make] * 3)

    assert StaffUser.objects.count() == 1
    assert len(told) == 2
