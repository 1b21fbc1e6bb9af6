from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.domain.contactability import SuppressionReason
from accounts.models import Person, StaffUser
from accounts.services.access.audit import record_event
from accounts.services.suppression import suppress


@transaction.atomic
def stop_mailing(person: Person, *, by: StaffUser, now: dt.datetime) -> None:
    """No more surveys to this person; what is queued is dropped when its turn comes."""
    suppress(person, SuppressionReason.MANUAL, now=now, source=by.email)
    record_event(AuditAction.PERSON_STOP, actor=by, now=now, target=f"person {person.pk}")
