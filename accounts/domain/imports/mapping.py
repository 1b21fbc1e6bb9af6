"""What each column of a file is taken for: by its header, or as somebody has said before."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from accounts.domain.imports.cells.texts import Cell, as_text
from accounts.domain.imports.declaration import Column
from accounts.domain.imports.file_columns import FileKind, columns
from accounts.domain.imports.headers import FAMILY, GIVEN, NOT_KEY, asks_for, guess, key_of
from accounts.domain.imports.synonyms import BESIDE, QUESTION
from accounts.domain.segments import SegmentError, dimension_name

# What is said of a column that is kept under its own name, and of one that is not kept.
ATTRIBUTE, LEFT_OUT = "attribute", "-"
_LONGEST_NAME = 50


@dataclass(frozen=True, slots=True)
class Match:
    """A column and what it is taken for: a field, `ATTRIBUTE` or `LEFT_OUT`."""

    header: str
    field: str
    # The name that the rows are read by.
    name: str
    # Whether its header says it to the letter, or somebody did.
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """How many different fields of a kind a row names: its header names most."""

    kind: FileKind
    # The headers that somebody has said something of.
    chosen: Collection[str] = ()

    def __call__(self, cells: Sequence[Cell]) -> int:
        texts = [cell for cell in cells if isinstance(cell, str) and cell]
        named = {found[1] for cell in texts if (found := guess(cell.strip(), self.kind))}
        return len(named) + sum(cell.strip() in self.chosen for cell in texts)


def matches(
    headers: Sequence[Cell],
    kind: FileKind,
    *,
    chosen: Mapping[str, str] | None = None,
    attributes: Collection[str] = (),
) -> list[Match]:
    """What was said of a column holds; then the header that names a field best has it.

    `attributes` are names that attributes have so far: such a column stays one, unless it has the
    very name of a field.
    """
    texts = [as_text(header) for header in headers]
    said = {key_of(header): field for header, field in (chosen or {}).items()}
    taken = {said[key_of(text)] for text in texts if key_of(text) in said}
    best = _best(texts, kind, said=said, taken=taken, attributes=attributes)
    names = {*columns(kind), FAMILY, GIVEN}
    return [
        _match(text, best.get(place, ""), said.get(key_of(text), ""), kind=kind, names=names)
        for place, text in enumerate(texts)
    ]


def _best(
    texts: Sequence[str],
    kind: FileKind,
    *,
    said: Mapping[str, str],
    taken: Collection[str],
    attributes: Collection[str],
) -> dict[int, str]:
    ranked: list[tuple[int, int, str]] = []
    other = _means_other(texts, kind)
    for place, text in enumerate(texts):
        found = guess(text, kind) if key_of(text) not in said else None
        if found and (found[1], key_of(text)) in other:
            continue
        if found and (not found[0] or _name_or_none(text) not in attributes):
            ranked.append((found[0], place, found[1]))
    fields: dict[str, int] = {}
    for _, place, field in sorted(ranked):
        if field not in taken:
            fields.setdefault(field, place)
    no_use = _no_use(fields, texts, kind, taken)
    return {place: field for field, place in fields.items() if field not in no_use}


def _means_other(texts: Sequence[str], kind: FileKind) -> set[tuple[str, str]]:
    """Fields and headers that name them elsewhere, but not beside these."""
    keys = {key_of(text) for text in texts}
    return {
        (field, key_of(word))
        for field, words, others in BESIDE.get(kind, ())
        if keys & {key_of(other) for other in others.split("|")}
        or (others == QUESTION and any(asks_for(field, text, kind) for text in texts))
        for word in words.split("|")
    }


def _no_use(
    fields: Mapping[str, int], texts: Sequence[str], kind: FileKind, taken: Collection[str]
) -> set[str]:
    """Fields that say nothing beside the others."""
    have = fields.keys() | set(taken)
    if "name" in have:
        return {FAMILY, GIVEN}
    if kind is FileKind.USAGE and not {"measure", "value"} <= have:
        # One of the two alone is a measure of the wide form, unless it has the field's own name.
        pair = {"measure", "value"} & fields.keys()
        return {field for field in pair if key_of(texts[fields[field]]) != field}
    return set()


def _match(text: str, best: str, said: str, *, kind: FileKind, names: set[str]) -> Match:
    field = said or best or ATTRIBUTE
    if field == LEFT_OUT or not text:
        return Match(text, LEFT_OUT if text else "", LEFT_OUT if text else "", bool(said))
    if field in (FAMILY, GIVEN) or field in columns(kind):
        return Match(text, field, field, bool(said) or key_of(text) == key_of(field))
    # Said to be an attribute of another name.
    named = text if field == ATTRIBUTE else field
    name = _unused(attribute_name(named), names)
    names.add(name)
    return Match(text, ATTRIBUTE, name, bool(said))


def attribute_name(header: str) -> str:
    """The name of a dimension, for headers that begin with a digit or are whole sentences, too."""
    try:
        return dimension_name(header)
    except SegmentError:
        words = NOT_KEY.sub("_", unicodedata.normalize("NFKC", header).lower()).strip("_")
        if not words:
            raise
        return dimension_name(
            f"n_{words}"[:_LONGEST_NAME] if not words[0].isalpha() else words[:_LONGEST_NAME]
        )


def _name_or_none(header: str) -> str:
    try:
        return attribute_name(header)
    except SegmentError:
        return ""


def _unused(name: str, names: Collection[str]) -> str:
    number = 1
    wanted = name
    while wanted in names:
        number += 1
        wanted = f"{name[: _LONGEST_NAME - 4]}_{number}"
    return wanted


def missing(names: Iterable[str], kind: FileKind) -> list[str]:
    """The required columns that are not there."""
    have = set(names)
    known: dict[str, Column] = columns(kind)
    return [name for name, column in known.items() if column.required and name not in have]


def likely_kind(headers: Sequence[Cell], kind: FileKind, *, said: bool = False) -> FileKind | None:
    """Another kind of file whose columns these are, where they are not those of `kind`.

    They are another one's where all that it requires is there, of which `kind` has no use for
    some, and nothing is there that `kind` alone knows.
    """
    here = _fields(headers, kind)
    for other in _KINDS:
        there = _fields(headers, other)
        required = {name for name, column in columns(other).items() if column.required}
        if other is kind or said or not required <= there:
            continue
        # A file of usage may have a column for each measure instead.
        lacks = not {*missing(here, kind)} <= {"measure", "value"} and len(there) > 1
        own = here - columns(other).keys()
        if lacks or (len(required) > 1 and required - columns(kind).keys() and not own):
            return other
    return None


# Those with most requirements first: each answer has an address, but no respondent has a score.
_KINDS = (
    FileKind.RESPONSES,
    FileKind.USAGE,
    FileKind.REVENUE,
    FileKind.RATES,
    FileKind.EVENTS,
    FileKind.RESPONDENTS,
    FileKind.CUSTOMERS,
)


def _fields(headers: Sequence[Cell], kind: FileKind) -> set[str]:
    return {match.field for match in matches(headers, kind)} & columns(kind).keys()
