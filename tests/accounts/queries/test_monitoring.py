from __future__ import annotations

import datetime as dt

import pytest
from prometheus_client import generate_latest

from accounts.domain.access.audit import AuditAction
from accounts.models import Import
from accounts.queries.monitoring import last_imports
from accounts.services.access.audit import record_event, seal_events
from common.monitoring.prometheus import registry
from tests.world import DAY, HOUR, NOW

pytestmark = pytest.mark.django_db


def test_how_old_imports_are_by_kind_and_how_long_one_waits(settings) -> None:
    settings.METRIC_SOURCES = ["accounts.queries.monitoring.families"]
    for days, fields in ((1, {"dry_run": True}), (2, {}), (3, {}), (0, {"state": "failed"})):
        Import.objects.create(
            **{"kind": "usage", "state": "done", "file_name": "f", **fields},
            finished_at=NOW - days * DAY,
        )
    running = Import.objects.create(kind="revenue", state="running", file_name="f")
    Import.objects.filter(pk=running.pk).update(created_at=NOW - HOUR)
    record_event(AuditAction.STAFF_LOGIN, actor=None, now=NOW)

    lines = generate_latest(registry(now=NOW)).decode().splitlines()

    assert last_imports() == {"usage": NOW - dt.timedelta(days=2)}
    assert 'koe_import_age_seconds{kind="usage"} 172800.0' in lines
    assert not [line for line in lines if line.startswith('koe_import_age_seconds{kind="revenue"')]
    assert 'koe_imports{state="running"} 1.0' in lines
    assert "koe_oldest_import_seconds 3600.0" in lines
    assert "koe_unsealed_audit_events 1.0" in lines
    assert seal_events() == 1
