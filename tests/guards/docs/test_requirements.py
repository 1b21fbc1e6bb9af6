"""docs/requirements.md names tests that there are, for every requirement."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]
LIST = (TESTS.parent / "docs" / "requirements.md").read_text(encoding="utf-8")
NUMBERS = range(1, 66)
# Nothing of ours to test; the line says why.
NOT_OURS = {6}


def rows() -> dict[int, str]:
    found = re.findall(r"^\| R(\d+) \| (.*) \|$", LIST, flags=re.MULTILINE)
    return {int(number): text for number, text in found}


def named(text: str) -> list[tuple[str, str]]:
    return re.findall(r"`([\w/]+\.py)::(\w+)`", text)


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_requirement_has_a_row_and_a_test() -> None:
    assert list(rows()) == list(NUMBERS)
    assert {number for number, text in rows().items() if not named(text)} == NOT_OURS


def test_every_test_that_is_named_exists() -> None:
    missing = [f"{path}::{name}" for path, name in named(LIST) if name not in names_in(path)]
    assert missing == []
    # None is hidden from this test by the way it is written.
    assert LIST.count("::") - LIST.count("`file::name`") == len(named(LIST))
