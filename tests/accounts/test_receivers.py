from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import AuditEvent, AuditOrigin, StaffUser
from accounts.services.access.staff import send_reset
from tests.staffing import PASSWORD, client_as, logged_in, make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


def said() -> list[tuple[str, StaffUser | None, str]]:
    rows = AuditEvent.objects.select_related("actor").order_by("pk")
    return [(each.action, each.actor, each.target) for each in rows]


def test_who_logs_in_is_noted() -> None:
    user = make_staff("cs")

    Client().post("/accounts/login/", {"login": user.email, "password": "wrong"})
    Client().post("/accounts/login/", {"login": "nobody@example.com", "password": "wrong"})
    client = Client(headers={"User-Agent": "Lynx"})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/logout/")

    assert said() == [
        ("staff.login_failed", None, user.email),
        ("staff.login_failed", None, ""),
        ("staff.login", user, user.email),
        ("staff.logout", user, user.email),
    ]
    origins = AuditOrigin.objects.order_by("pk").values_list("address", "agent")
    assert list(origins)[2] == ("127.0.0.1", "Lynx")
    page = client_as("admin", language="en").get("/settings/audit/").content.decode()
    assert "A visitor" in page
    assert "127.0.0.1" in page


def test_a_lock_out_is_noted() -> None:
    user = make_staff("cs")

    for _ in range(7):
        Client().post("/accounts/login/", {"login": user.email, "password": "wrong"})

    actions = [action for action, *_ in said()]
    assert actions[0] == "staff.login_failed"
    assert actions[-1] == "staff.locked_out"


def test_what_changes_of_a_log_in_is_noted() -> None:
    user = make_staff("cs")
    send_reset(user.email, language="en", now=NOW)  # As the task does that the page asks for.
    client = logged_in(user)
    new = "a better one than this"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert [action for action, *_ in said()] == ["staff.reset_asked", "staff.password"]
