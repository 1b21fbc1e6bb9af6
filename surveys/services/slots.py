"""The survey cap on the database: two slot rows per person, changed by conditional updates only.

The rules stand in `domain/frequency.py`. Every test of a slot is in the WHERE of its own UPDATE:
READ COMMITTED looks at it again after waiting for another transaction, which it does not do for
rows chosen by a subselect.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.domain.access.audit import AuditAction
from accounts.domain.contactability import SuppressionReason
from accounts.models import Person, Respondent, StaffUser, Suppression
from accounts.queries.merges import kept_ids, members_of
from accounts.services.access.audit import record_event
from accounts.services.suppression import suppress
from common.resilience.retry import in_transaction
from surveys.domain import frequency
from surveys.domain.campaigns.occasions import Repeat, rest_of
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import CLAIMABLE, COUNTED, HOLDS_SLOT, WITHOUT_MAIL, InvitationState
from surveys.domain.transitions import came_from
from surveys.models import Invitation, Slot

NUMBERS = range(frequency.SLOTS)
# For a person who was merged into another one and must not be asked under the old name.
NEVER_FREE = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
BATCH = 500


def ensure_slots(person_ids: Iterable[int]) -> None:
    """Give each person their slots; whoever has them keeps them as they are."""
    never_used = connection.ops.adapt_datetimefield_value(frequency.NEVER_USED)
    sql = _MAKE.format(listed=_listed(), numbers=", ".join(f"({each})" for each in NUMBERS))
    with connection.cursor() as cursor:
        cursor.execute(sql, [never_used, json.dumps(dict.fromkeys(sorted(set(person_ids))))])


@transaction.atomic
def reserve(wanted: Mapping[int, int], *, now: dt.datetime) -> set[int]:
    """Hold a slot for each invitation id under its person id; returns the ids that got one.

    At most `BATCH` at a time. Run it by `retry.in_transaction`, with the invitations inserted
    in the same transaction.
    """
    held: set[int] = set()
    for number in NUMBERS[: settings.SURVEYS_PER_YEAR]:
        unserved = {person: pk for person, pk in sorted(wanted.items()) if pk not in held}
        if unserved:
            held |= _hold(unserved, number=number, now=now)
    return held


def to_be_used(held: QuerySet[Slot], *, now: Any) -> QuerySet[Slot]:
    """The claim's test of the slot that an invitation holds."""
    return held.filter(free_at__lte=now)


def still_to_be_used(held: QuerySet[Slot], *, now: Any) -> QuerySet[Slot]:
    """The test at an e-mail's turn: since its claim a merge or imported history may have come.

    They keep the strictest slots, and leave to this one the date of a send that they dropped.
    """
    return held.filter(Q(prev_free_at__isnull=True) | Q(prev_free_at__lte=now))


def used(busy_until: Any) -> dict[str, Any]:
    """By the claim: busy for a window, unless the mail turns out not to have been accepted."""
    return {"prev_free_at": F("free_at"), "free_at": busy_until}


def spent(busy_until: Any) -> dict[str, Any]:
    """Sent or unknown: nobody holds it any more, but it stays busy until its date."""
    return {"held_by": None, "free_at": busy_until}


def unanchor(invitation_ids: Iterable[int]) -> int:
    """To be tried again: certainly not accepted, so the date goes back and the hold stays."""
    held = Slot.objects.filter(held_by__in=list(invitation_ids))
    return held.update(free_at=Coalesce("prev_free_at", "free_at"))


def release(invitation_ids: Iterable[int]) -> int:
    """Never claimed, or certainly not accepted: the slot is as it was before."""
    held = Slot.objects.filter(held_by__in=list(invitation_ids))
    return held.update(held_by=None, free_at=Coalesce("prev_free_at", "free_at"))


def next_possible(person: Person, *, now: dt.datetime) -> dt.datetime:
    """The earliest moment at which the cap lets the person be asked; `now` if it does already."""
    found = tuple(as_rule(slot) for slot in Slot.objects.filter(person=person))
    rows = found + frequency.new_slots(len(NUMBERS) - len(found))
    return frequency.next_possible(rows, now=now, limit=settings.SURVEYS_PER_YEAR)


def as_rule(slot: Slot) -> frequency.Slot:
    prev_free_at = slot.free_at if slot.prev_free_at is None else slot.prev_free_at
    return frequency.Slot(slot.free_at, prev_free_at, slot.held_by_id)


def occupy_from_history(person_ids: Iterable[int], *, now: dt.datetime) -> None:
    """Let imported sends of the last window take slots; doing it again changes nothing.

    Those that were made to somebody who was merged take the slots of whom they turned out to be.
    """
    wanted = sorted(set(kept_ids(person_ids).values()))
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        in_transaction(partial(_occupy_batch, batch, now=now))


def merge_persons(kept: Person, gone: Person, *, now: dt.datetime, by: StaffUser | None) -> None:
    """One human being was known as two: the most restrictive slots, one opt-out, one audience.

    Sends made so far stay with the person they were made to; `merged_into` joins them.
    """
    in_transaction(partial(_merge, kept, gone, now=now, by=by))


def occupy_after_merge(invitation_ids: Iterable[int], *, sent_at: dt.datetime) -> None:
    """Of e-mails accepted, or in doubt, whose slots a merge gave up for stricter ones meanwhile.

    Stricter by the moments of their claims: from when they were accepted they may count longer.
    """
    if not (ids := list(invitation_ids)):
        return
    asked = Invitation.objects.filter(pk__in=ids).values_list("person_id", flat=True)
    persons = set(kept_ids(asked).values())
    _occupy({person: [sent_at] for person in sorted(persons)}, now=sent_at)


def _occupy_batch(person_ids: list[int], *, now: dt.datetime) -> None:
    _occupy(_imported_sends(person_ids, now=now), now=now)


def _occupy(history: Mapping[int, list[dt.datetime]], *, now: dt.datetime) -> None:
    ensure_slots(history)
    for person_id, rows in _locked(history).items():
        ours = tuple(as_rule(row) for row in rows)
        known = Counter(slot.free_at for slot in ours)
        added = Counter(map(frequency.window_after, history[person_id])) - known
        if added:
            sends = [free_at - frequency.WINDOW for free_at in added.elements()]
            imported = frequency.from_history(sends, limit=len(NUMBERS))
            _keep_strictest(rows, ours, imported, now=now)


def _imported_sends(person_ids: list[int], *, now: dt.datetime) -> dict[int, list[dt.datetime]]:
    """The latest imported sends of each person, at most as many as they have slots."""
    members = members_of(person_ids)
    imported = Invitation.objects.filter(
        person__in=members, reason=InvitationReason.IMPORTED, sent_at__gt=now - frequency.WINDOW
    )
    sends: dict[int, list[dt.datetime]] = {}
    for member, sent_at in imported.order_by("-sent_at").values_list("person_id", "sent_at"):
        moments = sends.setdefault(members[member], [])
        if sent_at is not None and len(moments) < len(NUMBERS):
            moments.append(sent_at)
    return sends


def _merge(kept: Person, gone: Person, *, now: dt.datetime, by: StaffUser | None) -> None:
    both = Person.objects.filter(pk__in=[kept.pk, gone.pk], merged_into__isnull=True)
    if len(both.select_for_update().order_by("pk")) < 2:
        return  # one and the same, or merged before
    # Both with those who were merged into them before.
    kept_all, gone_all = (tuple(members_of([each.pk])) for each in (kept, gone))
    Person.objects.filter(pk=gone.pk).update(merged_into=kept, merged_at=now)
    ensure_slots([kept.pk, gone.pk])
    _drop_second_mails(kept_all, gone_all, now=now)
    rows = _locked([kept.pk, gone.pk])
    ours, theirs = (tuple(map(as_rule, rows[person.pk])) for person in (kept, gone))
    Slot.objects.filter(person=gone).update(
        held_by=None, free_at=NEVER_FREE, prev_free_at=NEVER_FREE
    )
    _keep_strictest(rows[kept.pk], ours, theirs, now=now)
    Invitation.objects.filter(person__in=gone_all, state__in=CLAIMABLE).update(person=kept)
    _move_respondents(kept, gone)
    active = Suppression.objects.active().filter(person__in=[*kept_all, *gone_all])
    ends: dict[str, dt.datetime | None] = {}
    for reason, until in active.values_list("reason", "until"):
        other = ends.get(reason, until)
        ends[reason] = max(until, other) if until and other else None
    for reason, until in ends.items():
        source = f"merged person {gone.pk}"
        suppress(kept, SuppressionReason(reason), now=now, source=source, until=until)
    record_event(
        AuditAction.PERSON_MERGE, actor=by, now=now, target=f"person {kept.pk}", merged=gone.pk
    )


def _drop_second_mails(kept: Sequence[int], gone: Sequence[int], *, now: dt.datetime) -> None:
    """Mail still waiting for the one in campaigns that asked the other: one survey is enough.

    Where both have it already neither is reminded: one may have answered for both.
    """
    # All that is under way is locked before anything is read: a claim or an outcome that was being
    # written is there by then and is seen, and none is written until the merge is done.
    family = Invitation.objects.filter(person__in=[*kept, *gone], state__in=HOLDS_SLOT)
    list(family.select_for_update().order_by("pk").values_list("pk"))
    asked = Q(state__in=COUNTED)
    known = (
        _campaigns_of(gone, asked, now=now),
        _campaigns_of(kept, now=now),
        _campaigns_of(kept, asked, now=now),
    )
    # Those who were merged into `gone` while their mail and its was under way may wait beside it.
    theirs = Invitation.objects.filter(person__in=gone, state__in=CLAIMABLE)
    first = theirs.filter(campaign=OuterRef("campaign"), pk__lt=OuterRef("pk"))
    waiting = Invitation.objects.filter(
        Q(person__in=kept, campaign__in=known[0])
        | Q(person__in=gone, campaign__in=known[1])
        | Q(Exists(first), person__in=gone),
        state__in=CLAIMABLE,
    )
    second = list(waiting.values_list("pk", flat=True))
    release(second)
    _cancel(second, reason=InvitationReason.MERGED, now=now)
    Invitation.objects.filter(
        Q(reminder_state="") | Q(reminder_state__in=CLAIMABLE),
        asked,
        person__in=[*kept, *gone],
        campaign__in=known[0] & known[2],
    ).update(reminder_state=InvitationState.CANCELLED)


def _campaigns_of(person_ids: Sequence[int], *conditions: Q, now: dt.datetime) -> set[int]:
    """Those that mail; of one that goes on, what it asked for an earlier occasion is over."""
    rows = Invitation.objects.filter(*conditions, person__in=person_ids)
    mailing = rows.exclude(campaign__state__in=WITHOUT_MAIL).order_by()
    told = mailing.values_list("campaign_id", "campaign__repeat", "campaign__every_months")
    return {
        campaign
        for campaign, repeat, months, last in told.annotate(last=Max("send_at"))
        if repeat == Repeat.ONCE
        or last is None
        or last > now - rest_of(Repeat(repeat), months=months or 0)
    }


def _cancel(invitation_ids: Collection[int], *, reason: InvitationReason, now: dt.datetime) -> None:
    Invitation.objects.filter(
        pk__in=invitation_ids, state__in=came_from(InvitationState.CANCELLED)
    ).update(state=InvitationState.CANCELLED, reason=reason, settled_at=now)


def _move_respondents(kept: Person, gone: Person) -> None:
    """Where both stand at one customer the other row stays behind, for its answers' sake."""
    taken = Respondent.objects.filter(person=kept).values_list("customer_id", flat=True)
    for respondent in Respondent.objects.filter(person=gone):
        if respondent.customer_id not in taken:
            Respondent.objects.filter(pk=respondent.pk).update(person=kept)


def _locked(person_ids: Collection[int]) -> dict[int, list[Slot]]:
    """Each person's slots, locked; the invitations first, in which order the claim locks too."""
    holders = Invitation.objects.filter(slot__person__in=person_ids)
    list(holders.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    rows: dict[int, list[Slot]] = {person_id: [] for person_id in person_ids}
    found = Slot.objects.filter(person__in=person_ids).order_by("person_id", "number")
    for row in found.select_for_update():
        rows[row.person_id].append(row)
    return rows


def _keep_strictest(
    rows: list[Slot], ours: frequency.Slots, theirs: frequency.Slots, *, now: dt.datetime
) -> None:
    merged = frequency.merge(ours, theirs, limit=len(NUMBERS), now=now)
    allowed = settings.SURVEYS_PER_YEAR
    # They come strictest first, so beyond the allowed ones a hold is that of a waiting mail.
    beyond = [slot.held_by for slot in merged.slots[allowed:] if slot.free_at <= now]
    cancelled = [pk for pk in (*merged.cancel, *beyond) if isinstance(pk, int)]
    Slot.objects.filter(pk__in=[row.pk for row in rows]).update(held_by=None)
    for row, slot in zip(rows, merged.slots, strict=True):
        Slot.objects.filter(pk=row.pk).update(
            held_by=None if slot.held_by in cancelled else slot.held_by,
            free_at=slot.free_at,
            prev_free_at=slot.prev_free_at,
        )
    _cancel(cancelled, reason=InvitationReason.CAPPED, now=now)


def _hold(wanted: Mapping[int, int], *, number: int, now: dt.datetime) -> set[int]:
    """One statement for the batch: the list brings no test of its own, only the order of locks."""
    moment = connection.ops.adapt_datetimefield_value(now)
    sql = _HOLD.format(listed=_listed())
    values: list[Any] = [json.dumps(wanted), number, moment]
    if len(NUMBERS) > settings.SURVEYS_PER_YEAR:
        sql += _AND_NO_OTHER_BUSY
        values.append(moment)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING held_by_id", values)
        return {pk for (pk,) in cursor.fetchall()}


def _listed() -> str:
    """The rows of a JSON object, as `key` and `value`."""
    return "json_each_text(%s::json)" if connection.vendor == "postgresql" else "json_each(%s)"


_MAKE = """
    INSERT INTO surveys_slot (person_id, number, free_at)
    SELECT CAST(listed.key AS bigint), numbers.column1, %s FROM {listed} AS listed
    CROSS JOIN (VALUES {numbers}) AS numbers WHERE true ON CONFLICT DO NOTHING
"""
_HOLD = """
    UPDATE surveys_slot SET held_by_id = CAST(listed.value AS bigint), prev_free_at = free_at
    FROM {listed} AS listed WHERE surveys_slot.person_id = CAST(listed.key AS bigint)
    AND surveys_slot.number = %s AND held_by_id IS NULL AND free_at <= %s
"""
# The other slot can only have been filled while two surveys a year were allowed.
_AND_NO_OTHER_BUSY = """
    AND NOT EXISTS (SELECT 1 FROM surveys_slot other WHERE other.person_id = surveys_slot.person_id
        AND other.number <> surveys_slot.number
        AND (other.held_by_id IS NOT NULL OR other.free_at > %s))
"""
