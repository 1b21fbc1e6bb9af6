"""What an import changes of something that is known, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class CellChange(NamedTuple):
    """`row` says in the file's own keys what is changed. `empties`: a blank cell clears it."""

    row: str
    column: str
    before: str
    after: str
    empties: bool


def cell_changes(
    row: str, *, before: Mapping[str, object], after: Mapping[str, object]
) -> list[CellChange]:
    found = (
        (name, _text(before.get(name)), _text(after.get(name))) for name in {**before, **after}
    )
    return [CellChange(row, name, old, new, new == "") for name, old, new in found if old != new]


def replaced(row: str, column: str, before: object) -> CellChange:
    """It goes because other rows of the file say the same in another form."""
    return CellChange(row, column, _text(before), "", empties=False)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value.normalize():f}"
        case date():
            return value.isoformat()
    return str(value)
