from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from decimal import Decimal
from functools import partial

from django.utils import timezone

from accounts.domain.imports.changes import CellChange, cell_changes
from accounts.domain.imports.fact_columns import UsageRow
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.rows import RowError
from accounts.domain.reasons import ReasonCode, reason
from accounts.services.facts.readings import Given, Readings
from accounts.services.imports.kinds.base import Importer, Plan, erased_errors
from accounts.services.people import RespondentIds


class UsageImporter(Importer[UsageRow]):
    """A row of the wide form counts as one, whatever number of readings it has."""

    kind = FileKind.USAGE
    attributes_of = None
    can_be_undone = False

    def __init__(self, *, header: Sequence[str], now: dt.datetime) -> None:
        super().__init__(header=header, now=now)
        self._respondents = RespondentIds()
        self._readings = Readings(today=timezone.localdate(now))

    def key(self, row: UsageRow) -> tuple[str, Hashable]:
        return "day", (row.customer_id, row.mail_key, row.measure, row.day)

    def check(self, rows: Sequence[tuple[int, UsageRow]]) -> list[RowError]:
        errors = self.unknown_customers([(line, row.customer_id) for line, row in rows])
        named = [(line, row) for line, row in rows if row.mail_key]
        if not named:
            return errors
        errors += erased_errors([(line, row.mail_key) for line, row in named])
        known = self._respondents.find((row.customer_id, row.mail_key) for _, row in named)
        bad = {error.line for error in errors}
        return errors + [
            RowError(line, "email", reason(ReasonCode.RESPONDENT_UNKNOWN, value=row.email))
            for line, row in named
            if line not in bad and (row.customer_id, row.mail_key) not in known
        ]

    def plan(self, rows: Sequence[UsageRow]) -> Plan:
        customers = self.customers.find(row.customer_id for row in rows)
        respondents = self._respondents.find((row.customer_id, row.mail_key) for row in rows)
        given = [
            [
                Given(
                    name,
                    row.day,
                    customers[row.customer_id],
                    respondents.get((row.customer_id, row.mail_key)),
                    value,
                )
                for name, value in row.readings.items()
            ]
            for row in rows
        ]
        whole = [each for readings in given for each in readings]
        values = iter(self._readings.known(whole))
        before = [[next(values) for _ in readings] for readings in given]
        pairs = list(zip(given, before, strict=True))
        changed = [
            each
            for readings, known in pairs
            for each, value in zip(readings, known, strict=True)
            if each.value != value
        ]
        cells = [
            each
            for row, readings, known in zip(rows, given, before, strict=True)
            for each in _changes(row, readings, known)
        ]
        is_new = [None in known for _, known in pairs]
        is_changed = [[each.value for each in readings] != known for readings, known in pairs]
        created = sum(is_new)
        updated = sum(is_changed) - created
        write = partial(self._write, whole, changed)
        return Plan(created, updated, len(rows) - created - updated, write, cells)

    def finish(self) -> None:
        self._readings.finish()

    def _write(self, given: Sequence[Given], changed: Sequence[Given]) -> None:
        self._readings.write(changed)
        self._readings.note(given)


def _changes(
    row: UsageRow, given: Sequence[Given], known: Sequence[Decimal | None]
) -> list[CellChange]:
    if all(value is None for value in known):
        return []
    name = f"{row.customer_id} {row.email} {row.day}".replace("  ", " ")
    old = {
        each.measure: value for each, value in zip(given, known, strict=True) if value is not None
    }
    return cell_changes(
        name, before=old, after={each.measure: each.value for each in given if each.measure in old}
    )
