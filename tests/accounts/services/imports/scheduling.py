"""Scheduled imports as tests make them."""

from __future__ import annotations

from typing import Any

from accounts.domain.imports.file_columns import FileKind
from accounts.models import ScheduledImport, StaffUser
from accounts.services.imports.remote import scheduled
from tests.world import NOW


def schedule(by: StaffUser, url: str, *, secret: str = "", **fields: Any) -> ScheduledImport:
    row = ScheduledImport(name="Nightly", kind=FileKind.CUSTOMERS, **fields)
    scheduled.save(row, url=url, secret=secret, by=by, now=NOW)
    return row
