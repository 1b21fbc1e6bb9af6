from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from accounts.domain.access.demo import DEMO_PASSWORD, DEMO_STAFF
from accounts.domain.access.roles import Role
from accounts.models import AuditEvent, Customer, StaffUser
from local import prepare
from local.errors import SetupError
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_start(monkeypatch, settings, tmp_path: Path) -> None:
    """Of the embedded default; a small demo, and no tables or static files to make."""
    for name in ("KOE_DEMO", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(prepare, "migrate", lambda: None)
    small = {"customers": 5, "respondents": 10, "responses": 5, "months": 6}

    def only_the_demo(name: str, **said: Any) -> None:
        if name == "seed_demo":
            call_command(name, **small, **said)

    monkeypatch.setattr(prepare, "call_command", only_the_demo)


def demo_logins() -> list[str]:
    return sorted(StaffUser.objects.filter(is_active=True).values_list("email", flat=True))


def test_first_start_makes_the_demo(settings) -> None:
    prepare.main()

    assert demo_logins() == sorted(DEMO_STAFF)
    assert DEMO_PASSWORD in (settings.VAR_DIR / "demo-logins.txt").read_text()


def test_no_demo_where_koe_is_served_by_https(settings) -> None:
    settings.SERVED_SECURELY = True

    prepare.main()

    assert not StaffUser.objects.exists()
    assert not Customer.objects.exists()
    assert not (settings.VAR_DIR / "demo-logins.txt").exists()


def test_demo_that_is_asked_for_where_koe_is_served_by_https_is_refused(
    settings, monkeypatch
) -> None:
    settings.SERVED_SECURELY = True
    monkeypatch.setenv("KOE_DEMO", "1")

    with pytest.raises(SetupError, match="KOE_DEMO=1 cannot be used where SITE_URL is https"):
        prepare.main()
    assert not StaffUser.objects.exists()


def test_demo_log_ins_of_a_trial_end_when_it_becomes_https(settings, capsys) -> None:
    prepare.main()
    changed = StaffUser.objects.get(email="viewer@koe.example")
    changed.set_password("correct horse battery")
    changed.save()
    make_staff(Role.ADMIN, "boss@example.com")
    settings.SERVED_SECURELY = True
    capsys.readouterr()

    prepare.main()

    assert demo_logins() == ["boss@example.com", "viewer@koe.example"]
    assert capsys.readouterr().out == (
        "The demo log-ins cs@koe.example, admin@koe.example are closed: SITE_URL is https, and"
        " everybody knows their password. Make a log-in of your own with:"
        " manage.py create_staff EMAIL --role admin\n"
    )
    assert AuditEvent.objects.filter(action="staff.close").count() == 2
    assert not (settings.VAR_DIR / "demo-logins.txt").exists()

    prepare.main()
    assert capsys.readouterr().out == ""


def test_a_database_that_is_still_starting_is_waited_for(monkeypatch, capsys) -> None:
    said = iter(["the database system is starting up", "Connection refused"])

    def connect() -> None:
        if text := next(said, ""):
            raise OperationalError(text)

    monkeypatch.setattr(connection, "ensure_connection", connect)
    monkeypatch.setattr("local.prepare.time.sleep", lambda _: None)

    prepare.wait_for_database()

    assert capsys.readouterr().out == "The database is not up yet: waiting for it ...\n"


@pytest.mark.parametrize("text", ["password authentication failed", "starting up"])
def test_a_database_that_refuses_us_or_never_comes_up_is_not_waited_for(monkeypatch, text) -> None:
    def refuse() -> None:
        raise OperationalError(text)

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    monkeypatch.setattr(prepare, "DATABASE_STARTS_WITHIN", 0)

    with pytest.raises(OperationalError, match=text):
        prepare.wait_for_database()
