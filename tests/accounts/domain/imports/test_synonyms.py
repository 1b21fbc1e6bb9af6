"""At least nine columns in ten of what common tools write are known without asking."""

from __future__ import annotations

import re
from pathlib import Path

from accounts.domain.imports.file_columns import FileKind, columns
from accounts.domain.imports.headers import FAMILY, GIVEN
from accounts.domain.imports.mapping import ATTRIBUTE, matches
from accounts.domain.imports.synonyms import SYNONYMS

Expected = list[tuple[str, str]]
SETS = Path(__file__).with_name("header_sets.txt")
UNDOCUMENTED = "# typical, not documented"


def blocks() -> list[tuple[list[str], str]]:
    """Each set with the comments above it; those that open the file end with a blank line."""
    found: list[tuple[list[str], str]] = []
    above: list[str] = []
    for line in SETS.read_text("utf-8").partition("\n\n")[2].splitlines():
        if line.startswith("#"):
            above.append(line)
        else:
            found.append((above, line))
            above = []
    return found


def header_sets() -> list[tuple[str, FileKind, Expected]]:
    found = []
    for tool, kind, cells in (line.split(" | ") for _, line in blocks()):
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

    assert len(sets) >= 60
    assert len(wrong) <= 0.1 * len(fields), wrong
    for tool, kind, expected in sets:
        assert len(wrong_in(kind, expected)) <= 0.2 * len(expected), tool


def test_no_column_of_these_tools_is_taken_for_another_field() -> None:
    """What is missed is asked for; what is wrong may go in unseen."""
    taken = [
        (tool, *each)
        for tool, kind, expected in header_sets()
        for each in wrong_in(kind, expected)
        if each[2] != ATTRIBUTE
    ]

    assert taken == []


def test_sets_say_where_their_columns_are_documented_or_that_they_are_not() -> None:
    documented = [line for above, line in blocks() if UNDOCUMENTED not in above]

    assert len({line.split(" | ")[0] for line in documented}) >= 60
    for above, line in blocks():
        is_sourced = bool(above) and all(
            re.fullmatch(r"# https?://[\w.-]+/\S+", each) for each in above
        )
        assert is_sourced or above == [UNDOCUMENTED], line


def test_words_are_those_of_fields_that_there_are() -> None:
    for kind, table in SYNONYMS.items():
        assert table.keys() <= columns(kind).keys() | {FAMILY, GIVEN}
        assert all("|" not in field and words for field, words in table.items())
