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
