"""The touch table as an admin sets it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from actions.models import TouchTable


@transaction.atomic
def save_table(table: TouchTable, *, by: StaffUser, now: dt.datetime) -> None:
    """There is one: it takes the place of the one before."""
    before = TouchTable.objects.select_for_update().first()
    table.pk = before.pk if before else None
    table.save()
    record_event(
        AuditAction.TOUCH_TABLE, actor=by, now=now, target=str(table),
        sizes=f"{table.medium_from} {table.large_from}" if table.dimension is None else "",
        cells=", ".join(f"{cell} {touch}" for cell, touch in table.cells.items()),
    )  # fmt: skip
