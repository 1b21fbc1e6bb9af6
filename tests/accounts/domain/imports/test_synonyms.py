"""At least nine columns in ten of what common tools write are known without asking."""

from __future__ import annotations

from pathlib import Path

from accounts.domain.imports.file_columns import FileKind, columns
from accounts.domain.imports.mapping import ATTRIBUTE, FAMILY, GIVEN, matches
from accounts.domain.imports.synonyms import SYNONYMS

Expected = list[tuple[str, str]]
SETS = Path(__file__).with_name("header_sets.txt")


def header_sets() -> list[tuple[str, FileKind, Expected]]:
    lines = [line for line in SETS.read_text("utf-8").splitlines() if line and line[0] != "#"]
    found = []
    for tool, kind, cells in (line.split(" | ") for line in lines):
        pairs = [cell.strip().partition(">") for cell in cells.split(", ")]
        expected = [(header, field or ATTRIBUTE) for header, _, field in pairs]
        found.append((tool, FileKind(kind), expected))
    return found


def wrong_in(kind: FileKind, expected: Expected) -> list[tuple[str, str, str]]:
    found = matches([header for header, _ in expected], kind)
    return [
        (header, field, match.field)
        for (header, field), match in zip(expected, found, strict=True)
        if match.field != field
    ]


def test_nine_columns_in_ten_of_sixty_tools_are_known_unasked() -> None:
    sets = header_sets()
    wrong = [(tool, *each) for tool, kind, expected in sets for each in wrong_in(kind, expected)]
    fields = [field for *_, expected in sets for _, field in expected if field != ATTRIBUTE]
    missed = [each for each in wrong if each[2] != ATTRIBUTE]

    assert len(sets) >= 60
    assert len(missed) <= 0.1 * len(fields), missed
    assert len(wrong) <= 0.1 * sum(len(expected) for *_, expected in sets), wrong


def test_words_are_those_of_fields_that_there_are() -> None:
    for kind, table in SYNONYMS.items():
        assert table.keys() <= columns(kind).keys() | {FAMILY, GIVEN}
        assert all("|" not in field and words for field, words in table.items())
