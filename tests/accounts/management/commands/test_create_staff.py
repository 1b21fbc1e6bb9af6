from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.models import StaffUser
from tests.staffing import PASSWORD, make_staff

pytestmark = pytest.mark.django_db


def test_create_staff_takes_the_password_from_the_environment(monkeypatch, capsys) -> None:
    monkeypatch.setenv("KOE_PASSWORD", PASSWORD)

    call_command("create_staff", "New@koe.example", "--role", "admin", "--name", "Aya")

    user = StaffUser.objects.get()
    assert (user.email, user.role, user.name) == ("new@koe.example", "admin", "Aya")
    assert user.check_password(PASSWORD)
    assert capsys.readouterr().out == "new@koe.example is made (admin).\n"


def test_create_staff_asks_twice(monkeypatch) -> None:
    monkeypatch.delenv("KOE_PASSWORD", raising=False)
    answers = iter([PASSWORD, "something else 1"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))

    with pytest.raises(CommandError, match=r"^The two passwords differ\.$"):
        call_command("create_staff", "new@koe.example", "--role", "cs")

    assert StaffUser.objects.count() == 0


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [
        ("cs@koe.example", PASSWORD, "cs@koe.example already has an account."),
        ("new@koe.example", "short", "This password is too short"),
        ("not an address", PASSWORD, "Enter a valid email address."),
    ],
)
def test_create_staff_refuses(monkeypatch, email: str, password: str, message: str) -> None:
    make_staff("cs")
    monkeypatch.setenv("KOE_PASSWORD", password)

    with pytest.raises(CommandError, match=message):
        call_command("create_staff", email, "--role", "cs")

    assert StaffUser.objects.count() == 1


def test_without_a_terminal_the_way_out_is_named(monkeypatch) -> None:
    def closed(prompt: str) -> str:
        raise EOFError

    monkeypatch.delenv("KOE_PASSWORD", raising=False)
    monkeypatch.setattr("getpass.getpass", closed)

    with pytest.raises(CommandError, match=r"^No password: set KOE_PASSWORD or run this on a"):
        call_command("create_staff", "new@koe.example", "--role", "cs")
