from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

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
        created = sum((row.month, row.currency) not in known for row in changed)
        unchanged = len(rows) - len(changed)
        return Plan(created, len(changed) - created, unchanged, partial(_write, changed))


FIELDS = ("month", "currency", "rate")


def _write(rows: Sequence[RateRow]) -> None:
    rates = [ExchangeRate(month=row.month, currency=row.currency, rate=row.rate) for row in rows]
    upsert(rates, unique=["month", "currency"], update=["rate"])
