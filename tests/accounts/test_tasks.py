from __future__ import annotations

import pytest

from accounts.domain.audit import AuditAction
from accounts.models import AuditEvent, AuditOrigin, AuditSeal
from accounts.services.audit import record_event
from accounts.tasks import seal_audit_log
from tests.world import DAY, NOW


@pytest.mark.django_db
def test_the_tick_seals_and_forgets_from_where_it_came() -> None:
    then = NOW - 60 * DAY
    record_event(AuditAction.CAMPAIGN_LAUNCH, actor=None, now=then)
    AuditOrigin.objects.create(event=AuditEvent.objects.get(), address="192.0.2.1")

    seal_audit_log()

    assert AuditSeal.objects.count() == 1
    assert not AuditOrigin.objects.exists()
