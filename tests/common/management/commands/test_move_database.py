"""That rows arrive is tests/common/databases/test_move.py's."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from common.databases.move import Moved
from common.databases.tables import DatabaseError
from common.management.commands import move_database as command


def test_each_table_and_the_sum_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = [Moved("a", 2, "f" * 64), Moved("b", 0, "0" * 64)]
    monkeypatch.setattr(command, "move", lambda url, show: show(1, 2) or moved)
    out = io.StringIO()

    call_command("move_database", "postgres://db/koe", stdout=out)

    assert out.getvalue().splitlines()[:2] == [
        "a rows=2 checksum=ffffffffffffffff", "tables=2 rows=2 equal"
    ]  # fmt: skip


def test_what_keeps_it_from_moving_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(url: str, show: object) -> list[Moved]:
        raise DatabaseError("the target is not empty")

    monkeypatch.setattr(command, "move", refuse)

    with pytest.raises(CommandError, match=r"^Nothing was moved: the target is not empty"):
        call_command("move_database", "postgres://db/koe")


SECRET = "postgres://koe:sesame@db/koe"


@pytest.mark.parametrize(
    ("given", "environment", "typed", "warned"),
    [
        ([], SECRET, "", False),
        (["-"], "", f"{SECRET}\n", False),
        (["-"], "postgres://other/koe", SECRET, False),
        ([SECRET], "postgres://other/koe", "", True),
    ],
)
def test_no_password_need_stand_in_the_list_of_processes(
    monkeypatch: pytest.MonkeyPatch, given: list[str], environment: str, typed: str, warned: bool
) -> None:
    went: list[str] = []
    monkeypatch.setattr(command, "move", lambda url, show: went.append(url) or [])
    monkeypatch.setenv("TARGET_DATABASE_URL", environment)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    out, err = io.StringIO(), io.StringIO()

    call_command("move_database", *given, stdout=out, stderr=err)

    assert went == [SECRET]
    assert ("can read that password" in err.getvalue()) == warned
    assert "sesame" not in out.getvalue() + err.getvalue()


def test_an_address_without_password_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "move", lambda url, show: [])
    err = io.StringIO()

    call_command("move_database", "postgres://db/koe", stdout=io.StringIO(), stderr=err)

    assert err.getvalue() == ""


@pytest.mark.parametrize("given", [[], ["-"]])
def test_nowhere_is_asked_for(monkeypatch: pytest.MonkeyPatch, given: list[str]) -> None:
    monkeypatch.delenv("TARGET_DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))

    with pytest.raises(CommandError, match=r"^Where to\? Set TARGET_DATABASE_URL"):
        call_command("move_database", *given)
