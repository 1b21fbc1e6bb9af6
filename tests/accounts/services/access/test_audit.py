from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import AuditEvent, AuditOrigin, AuditSeal
from accounts.queries.audit import check_log
from accounts.services.access.audit import forget_origins, seal_events
from tests.accounts.auditing import make_triggers, note
from tests.at_once import run_at_once
from tests.world import DAY, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize("act", ["change", "delete"])
@pytest.mark.parametrize("model", [AuditEvent, AuditSeal])
def test_rows_are_only_ever_added(model, act: str) -> None:
    make_triggers()
    note(1)
    seal_events()
    rows = model.objects.all()
    fields = {"target": "x"} if model is AuditEvent else {"digest": "x"}

    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        rows._raw_delete(rows.db) if act == "delete" else rows.update(**fields)


@pytest.mark.parametrize("model", [AuditEvent, AuditSeal])
def test_the_log_is_not_emptied_either(model) -> None:
    """TRUNCATE fires no trigger of rows."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has none")
    make_triggers()

    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        connection.cursor().execute(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_what_was_noted_is_sealed_once_and_fits() -> None:
    for number in range(3):
        note(number)
    assert seal_events() == 3
    note(3)
    assert (seal_events(), seal_events()) == (1, 0)

    log = check_log(now=NOW)

    assert (log.events, log.sealed, log.faults) == (4, 4, [])
    assert log.last == AuditSeal.objects.order_by("pk").last().digest


@pytest.mark.django_db(transaction=True)
def test_those_who_seal_at_once_make_one_chain() -> None:
    for number in range(40):
        note(number)

    run_at_once([seal_events] * 4)

    log = check_log(now=NOW)
    assert (log.events, log.sealed, log.faults) == (40, 40, [])


def test_where_it_came_from_is_kept_for_30_days() -> None:
    note(1)
    AuditOrigin.objects.create(event=AuditEvent.objects.get(), address="192.0.2.1")

    assert forget_origins(now=NOW + 30 * DAY) == 0
    assert forget_origins(now=NOW + 31 * DAY) == 1
    assert AuditEvent.objects.count() == 1
