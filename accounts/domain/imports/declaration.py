"""What is declared of a column of an imported file: once, beside the field that it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from accounts.domain.imports.cells import calendars
from accounts.domain.imports.cells.texts import Cell, as_text
from accounts.domain.mail_key import clean_address

# `Taro <taro@a.example>`, `mailto:taro@a.example`: what address books and web pages put around it.
_AROUND = re.compile(r"(?:[^<>]*<)?(?:mailto:)?'?([^<>\s]+@[^<>\s]+?)(?:>)?", re.IGNORECASE)


def address(cell: Cell) -> str:
    text = as_text(cell)
    found = _AROUND.fullmatch(text)
    return clean_address(found[1] if found else text)


def optional_address(cell: Cell) -> str:
    return address(cell) if as_text(cell) else ""


def _(text: str) -> str:
    """For those who collect the texts to translate: the domain knows no language."""
    return text


KNOWN_ID_HELP = _("The id of an imported customer.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`help` is English and translated where it is shown; `examples` are those of the file to
    start from, a row each."""

    read: Callable[..., Any]
    help: str
    examples: tuple[str, ...]
    required: bool = False
    # A field of the model of the same name: kept as it is where a file lacks the column.
    is_field: bool = False
    # Reports can be split by it.
    is_dimension: bool = False
    # Stands among the attributes, too: segments are cut over those.
    is_attribute: bool = False

    @property
    def is_moment(self) -> bool:
        """Whether reading it takes a time zone and the present."""
        return self.read is calendars.read_moment


@cache
def columns_of(row: type) -> dict[str, Column]:
    """The columns of a kind of row by their names, in their order."""
    return {
        name: column
        for name, hint in get_type_hints(row, include_extras=True).items()
        for column in getattr(hint, "__metadata__", ())
        if isinstance(column, Column)
    }


def fields_of(row: type) -> tuple[str, ...]:
    return tuple(name for name, column in columns_of(row).items() if column.is_field)


def dimensions_of(row: type) -> tuple[str, ...]:
    return tuple(name for name, column in columns_of(row).items() if column.is_dimension)
