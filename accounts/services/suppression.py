from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.domain.contactability import SuppressionReason
from accounts.models import Person, StaffUser, Suppression
from accounts.services.audit import record_event


def suppress(
    person: Person, reason: SuppressionReason, *, now: dt.datetime, source: str = ""
) -> Suppression:
    """Stop all mail to a person. Doing it twice changes nothing."""
    while person.merged_into:
        person = person.merged_into
    suppression, _ = Suppression.objects.get_or_create(
        person=person,
        reason=reason,
        lifted_at=None,
        defaults={"created_at": now, "source": source},
    )
    return suppression


@transaction.atomic
def lift(suppression: Suppression, *, by: StaffUser, note: str, now: dt.datetime) -> None:
    """Let a person be mailed again; the row stays with who did it and why."""
    changed = Suppression.objects.active().filter(pk=suppression.pk)
    if changed.update(lifted_at=now, lifted_by=by, note=note):
        record_event(
            "suppression.lift",
            actor=by,
            now=now,
            target=f"person {suppression.person_id}",
            reason=suppression.reason,
            note=note,
        )
