from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.dispatch import Signal

from accounts.domain.access.audit import AuditAction
from accounts.domain.contactability import SuppressionReason
from accounts.models import Person, StaffUser, Suppression
from accounts.queries.merges import kept_ids, members_of
from accounts.services.access.audit import record_event

AT_ONCE = 1000
# That `person` gets no mail any more, in the transaction of it: `reason`, `until`, `now`.
suppressed = Signal()


@transaction.atomic
def suppress(
    person: Person,
    reason: SuppressionReason,
    *,
    now: dt.datetime,
    source: str = "",
    until: dt.datetime | None = None,
) -> Suppression:
    """Stop all mail to a person, by whatever name they were asked. Twice changes nothing.

    A mail that was under way when two persons were merged stays with the one it was written to,
    and whoever claims it looks there. What is for good replaces what ends.
    """
    kept = _locked_kept(person.pk)
    family = sorted(members_of([kept]), key=lambda each: each != kept)
    mine = Suppression.objects.active().filter(person__in=family, reason=reason)
    if until is None:
        mine.filter(until__isnull=False).update(until=None, source=source)
    elif mine.filter(until__isnull=True).exists():
        until = None
    found = [
        Suppression.objects.get_or_create(
            person_id=each,
            reason=reason,
            lifted_at=None,
            defaults={"created_at": now, "source": source, "until": until},
        )
        for each in family
    ]
    row, is_new = found[0]
    if is_new:
        suppressed.send(Suppression, person=kept, reason=reason, until=until, now=now)
    return row


def lift_ended(*, now: dt.datetime) -> int:
    """Whoever was given up for a time is tried again."""
    ended = Suppression.objects.active().filter(until__lte=now).order_by("pk")
    return sum(_lift_ended(each, now=now) for each in ended[:AT_ONCE])


@transaction.atomic
def _lift_ended(suppression: Suppression, *, now: dt.datetime) -> int:
    mine = Suppression.objects.active().filter(pk=suppression.pk, until__lte=now)
    if mine.update(lifted_at=now):
        _record_lift(suppression, by=None, now=now, note="")
        return 1
    return 0


@transaction.atomic
def lift(suppression: Suppression, *, by: StaffUser, note: str, now: dt.datetime) -> None:
    """Let a person be mailed again; the row stays with who did it and why."""
    kept = _locked_kept(suppression.person_id)
    alike = Suppression.objects.active().filter(
        person__in=members_of([kept]), reason=suppression.reason
    )
    if alike.update(lifted_at=now, lifted_by=by, note=note):
        _record_lift(suppression, by=by, now=now, note=note)


def _record_lift(
    suppression: Suppression, *, by: StaffUser | None, now: dt.datetime, note: str
) -> None:
    record_event(
        AuditAction.SUPPRESSION_LIFT,
        actor=by,
        now=now,
        target=f"person {suppression.person_id}",
        reason=suppression.reason,
        note=note,
    )


def _locked_kept(person_id: int) -> int:
    """Whom the person turned out to be. A merge locks them too, so that it cannot overlook us."""
    kept = kept_ids([person_id])[person_id]
    list(Person.objects.filter(pk=kept).select_for_update(no_key=True))
    # Merged into somebody else while we waited for the lock?
    return kept if kept_ids([kept])[kept] == kept else _locked_kept(kept)
