from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

from accounts.domain.imports.changes import cell_changes
from accounts.domain.imports.file_columns import FileKind, RateRow
from accounts.models import ExchangeRate
from accounts.services.bulk import upsert
from accounts.services.imports.kinds.base import Importer, Plan


class RateImporter(Importer[RateRow]):
    kind = FileKind.RATES
    attributes_of = None

    def key(self, row: RateRow) -> tuple[str, Hashable]:
        return "month", (row.month, row.currency)

    def plan(self, rows: Sequence[RateRow]) -> Plan:
        found = ExchangeRate.objects.filter(month__in={row.month for row in rows})
        known = {(month, code): rate for month, code, rate in found.values_list(*FIELDS)}
        changed = [row for row in rows if known.get((row.month, row.currency)) != row.rate]
        old = [row for row in changed if (row.month, row.currency) in known]
        cells = [
            each
            for row in old
            for each in cell_changes(
                f"{row.month:%Y-%m} {row.currency}",
                before={"rate": known[row.month, row.currency]},
                after={"rate": row.rate},
            )
        ]
        created, unchanged = len(changed) - len(old), len(rows) - len(changed)
        touches = [found] if changed else []
        return Plan(created, len(old), unchanged, partial(_write, changed), cells, touches)


FIELDS = ("month", "currency", "rate")


def _write(rows: Sequence[RateRow]) -> None:
    rates = [ExchangeRate(month=row.month, currency=row.currency, rate=row.rate) for row in rows]
    upsert(rates, unique=["month", "currency"], update=["rate"])
