from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from accounts.domain.imports.cells import values as cells
from accounts.domain.imports.declaration import Column, columns_of, dimensions_of, fields_of


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
