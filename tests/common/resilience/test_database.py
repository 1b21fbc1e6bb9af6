from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from common.resilience import database
from common.resilience.database import is_writable, pending_migrations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def of_the_app(label: str) -> tuple[str, bool]:
    """Also where the tests run without migrations."""
    return f"{apps.get_app_config(label).name}.migrations", False


def test_a_database_that_became_read_only_is_known_for_it(monkeypatch) -> None:
    assert is_writable()

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
    else:
        monkeypatch.setattr(os, "access", lambda *_: False)

    assert not is_writable()
    connection.close()


def test_a_report_s_own_read_only_transaction_is_not_the_database_s() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has none")
    from analytics.queries.database.snapshot import one_snapshot

    with one_snapshot():
        assert is_writable()


def test_a_disk_without_a_page_left_takes_no_changes(monkeypatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("whose disk is elsewhere")
    full = SimpleNamespace(f_flag=0, f_bavail=10, f_frsize=4096)
    monkeypatch.setattr(os, "statvfs", lambda _: full)

    assert not is_writable()


def test_migrations_that_were_not_run_are_counted_and_asked_again_until_they_are(
    monkeypatch, django_assert_num_queries
) -> None:
    monkeypatch.setattr(database._Found, "is_up_to_date", False)
    monkeypatch.setattr(MigrationLoader, "migrations_module", of_the_app)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for label, name in database._on_disk():
        if (label, name) not in recorder.applied_migrations():
            recorder.record_applied(label, name)
    recorder.record_unapplied("surveys", "0014_breakers_since")
    assert pending_migrations() == 1

    recorder.record_applied("surveys", "0014_breakers_since")

    assert pending_migrations() == 0
    with django_assert_num_queries(0):
        assert pending_migrations() == 0
