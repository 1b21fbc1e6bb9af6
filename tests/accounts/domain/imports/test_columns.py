from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated

import pytest

from accounts.domain.imports import cells
from accounts.domain.imports.columns import Column, columns_of, dimensions_of, fields_of
from accounts.domain.imports.files import ROWS, FileKind, columns


@dataclass(frozen=True, slots=True)
class PetRow:
    name: Annotated[
        str, Column(read=cells.read_text, required=True, help="The name.", examples=("Pochi",))
    ]
    kind: Annotated[
        str,
        Column(
            read=cells.read_text,
            is_field=True,
            is_dimension=True,
            help="What it is.",
            examples=("dog",),
        ),
    ]
    attributes: dict[str, str]


def test_what_is_declared_beside_a_field_is_all_there_is_to_say() -> None:
    assert list(columns_of(PetRow)) == ["name", "kind"]
    assert fields_of(PetRow) == dimensions_of(PetRow) == ("kind",)


@pytest.mark.parametrize("kind", FileKind)
def test_each_field_of_a_row_is_a_column_or_made_from_them(kind: FileKind) -> None:
    made = {each.name for each in fields(ROWS[kind])} - columns(kind).keys()

    assert made <= {"attributes", "mail_key"}


@pytest.mark.parametrize("kind", FileKind)
def test_each_column_has_its_sentence_and_as_many_examples_as_the_others(kind: FileKind) -> None:
    assert all(column.help.endswith(".") for column in columns(kind).values())
    assert len({len(column.examples) for column in columns(kind).values()}) == 1
