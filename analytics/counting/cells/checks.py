"""Whether the counts kept for the reports say what the rows themselves say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from analytics.counting.cells.answers import (
    Change,
    cells_of_changes,
    known_customers,
    unfolded_changes,
)
from analytics.counting.cells.folding import columns_of
from analytics.counting.cells.invitations import counted, late_answers, moved_months
from analytics.counting.cells.responses import Block, cells_of_responses
from analytics.domain.answers.cells import (
    UNKNOWN_CUSTOMER,
    Cells,
    cells_of,
    folded,
    joined,
    packed,
    unpacked,
)
from analytics.domain.answers.rates import asked
from analytics.domain.answers.rates.asked import Asked, whatever_day
from analytics.models import CellBlock, InvitationBlock
from analytics.queries.database.clock import midnight
from analytics.queries.database.snapshot import one_snapshot
from surveys.domain.states import InvitationState


@dataclass(frozen=True, slots=True)
class CheckResult:
    answers: int
    blocks: int
    # One line each: which counts do not hold.
    wrong: tuple[str, ...]


@one_snapshot()
def check_cells() -> CheckResult:
    changes = unfolded_changes()
    stored, damaged = _stored_cells(changes)
    wrong, answers = [*damaged], 0
    for block, cells in cells_of_responses():
        answers += int(cells.counts.sum())
        if packed(stored.pop(block, cells_of([]))) != packed(cells):
            wrong.append(f"answers of {_named(block)}")
    wrong += [f"answers of {_named(block)}" for block, cells in stored.items() if len(cells)]
    wrong += _wrong_invitations(changes)
    blocks = CellBlock.objects.count() + InvitationBlock.objects.count()
    return CheckResult(answers, blocks, tuple(wrong))


def _stored_cells(changes: list[Change]) -> tuple[dict[Block, Cells], list[str]]:
    """The blocks with what is not folded yet, and those whose totals are not of their cells."""
    late = cells_of_changes(changes)
    stored: dict[Block, Cells] = {}
    damaged = []
    for row in CellBlock.objects.iterator(chunk_size=10):
        block = row.month, row.campaign_id, row.language
        cells = unpacked(bytes(row.cells), of=Cells)
        made = columns_of(cells, month=row.month)
        if any(_plain(getattr(row, name)) != value for name, value in made.items()):
            damaged.append(f"totals of {_named(block)}")
        stored[block] = _with_known_customers(cells, late.pop(block, cells_of([])))
    return stored | {block: _with_known_customers(cells) for block, cells in late.items()}, damaged


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def _with_known_customers(*parts: Cells) -> Cells:
    """With the customers of those respondents whose customer is known by now."""
    cells = folded(parts)
    known = known_customers(cells.customers)
    places = np.where(known != UNKNOWN_CUSTOMER, known, cells.customers).astype(np.uint32)
    return folded([Cells(places, cells.profiles, cells.counts, cells.days, cells.scores)])


def _wrong_invitations(changes: list[Change]) -> Iterator[str]:
    moved = moved_months(changes)
    for block in InvitationBlock.objects.iterator(chunk_size=10):
        if moved is None or block.month in moved:
            # No report reads it any more; the next tick takes it away.
            continue
        days = unpacked(bytes(block.days), of=Asked)
        late = late_answers(changes, until={block.month: block.until})
        there = counted([(midnight(block.month), block.until)], state=InvitationState.SENT)
        same = packed(_of_known_customers(days, late)) == packed(_of_known_customers(there))
        if not same or packed(whatever_day(days)) != bytes(block.totals):
            yield f"invitations of {block.month:%Y-%m}"


def _of_known_customers(*parts: Asked) -> Asked:
    rows = joined(parts, of=Asked)
    known = known_customers(rows.customers)
    places = np.where(known != UNKNOWN_CUSTOMER, known, rows.customers).astype(np.uint32)
    return asked.folded([replace(rows, customers=places)])


def _named(block: Block) -> str:
    month, campaign, language = block
    return f"{month:%Y-%m}, campaign {campaign}, {language}"
