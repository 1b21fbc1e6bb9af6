"""Lines of the audit log, and its triggers where the tables were made without migrations."""

from __future__ import annotations

from importlib import import_module

from django.db import connection

from accounts.domain.access.audit import AuditAction
from accounts.services.access.audit import record_event
from tests.world import NOW

TRIGGERS = [
    import_module(f"accounts.migrations.{name}")
    for name in ("0019_sealed_audit_log", "0028_audit_log_not_emptied")
]


def note(number: int) -> None:
    record_event(AuditAction.CAMPAIGN_LAUNCH, actor=None, now=NOW, target="声", number=number)


def drop_triggers() -> None:
    """As somebody who owns the tables may."""
    for each in TRIGGERS:
        _run(each.dropping(connection.vendor))


def make_triggers() -> None:
    drop_triggers()
    for each in TRIGGERS:
        _run(each.making(connection.vendor))


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each)
