from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.domain.access.audit import AuditAction
from accounts.models import AuditEvent, AuditOrigin, AuditSeal
from accounts.services.access.audit import record_event
from accounts.tasks import forget_sessions, seal_audit_log
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW


@pytest.mark.django_db
def test_the_tick_seals_and_forgets_from_where_it_came() -> None:
    then = NOW - 60 * DAY
    record_event(AuditAction.CAMPAIGN_LAUNCH, actor=None, now=then)
    AuditOrigin.objects.create(event=AuditEvent.objects.get(), address="192.0.2.1")

    seal_audit_log()

    assert AuditSeal.objects.count() == 1
    assert not AuditOrigin.objects.exists()


@pytest.mark.django_db
def test_of_sessions_that_are_over_nothing_stays() -> None:
    user = make_staff("cs")
    for key, age in (("over", 13), ("open", 1)):
        began = timezone.now() - age * HOUR
        Session.objects.create(session_key=key, session_data="", expire_date=began + 12 * HOUR)
        UserSession.objects.create(
            user=user, session_key=key, ip="192.0.2.1", user_agent="x", created_at=began
        )

    forget_sessions()

    assert [each.session_key for each in Session.objects.all()] == ["open"]
    assert [each.session_key for each in UserSession.objects.all()] == ["open"]
