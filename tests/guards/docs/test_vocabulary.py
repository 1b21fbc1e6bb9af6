"""Names are words of the field: docs/glossary.md says which ones, and lists the house words left.

What a name is made of - definitions, arguments, variables, modules, templates - is cut into words.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
AREAS = (
    "accounts", "actions", "analytics", "api", "benchmarks", "common", "config", "local", "static",
    "surveys", "templates", "tests",
)  # fmt: skip
NOT_OURS = {"vendor", "migrations", "__pycache__"}
# Words that an engineer of the field would not guess the meaning of, with their forms.
AVOIDED = {
    "door", "doors", "doorbell", "bell", "bells", "ring", "rings", "rang", "rung", "ringing",
    "patience", "patient", "trouble", "troubles", "lights", "telling", "look", "looking",
    "keeping", "keeper", "remembered", "becoming", "sides", "seat", "adopted", "standin", "anew",
    "furnishing", "mend", "mends", "mended",
}  # fmt: skip
# A contract has seats, and usage per seat is the example of a ratio.
MEANT = {"test_usage_per_seat_is_banded_and_zero_seats_are_not_known"}


def words(name: str) -> list[str]:
    """Those of snake_case, CamelCase and kebab-case."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def names_in(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def files() -> Iterator[Path]:
    for area in AREAS:
        for path in sorted((ROOT / area).rglob("*")):
            if path.is_file() and not NOT_OURS & set(path.parts):
                yield path


def avoided_in(path: Path) -> Iterator[tuple[str, str]]:
    """Where, and which word."""
    place = path.relative_to(ROOT).as_posix()
    yield from ((place, word) for word in words(place) if word in AVOIDED)
    if path.suffix == ".py":
        for line, name in names_in(path.read_text(encoding="utf-8")):
            for word in set() if name in MEANT else AVOIDED & set(words(name)):
                yield f"{place}:{line} {name}", word


def test_names_are_words_of_the_field() -> None:
    found = [f"{place}: {word}" for path in files() for place, word in avoided_in(path)]
    assert found == []


def test_an_avoided_word_is_found_in_every_kind_of_name() -> None:
    source = """
class DoorKeeper:
    look: int = 0
def ring_twice(bell, *, seat=1):
    self.trouble = seat
    for mend in bell:
        lights = mend
"""
    found = {word for _, name in names_in(source) for word in words(name) if word in AVOIDED}

    assert found == {
        "door", "keeper", "look", "ring", "bell", "seat", "trouble", "mend", "lights"
    }  # fmt: skip
    assert words("HTTPDoor-keeping_2") == ["http", "door", "keeping"]


def test_the_glossary_says_which_words_are_avoided() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    section = glossary.partition("## Words we avoid")[2]

    assert section
    assert set(words(section)) >= {
        "door", "ring", "bell", "patience", "trouble", "lights", "telling", "look", "keeping",
        "remembered", "becoming", "sides", "seat", "adopted", "anew", "furnishing", "keeper",
        "mend",
    }  # fmt: skip
