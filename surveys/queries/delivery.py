"""The balance of what was planned and what became of it, and what must never be found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, DateTimeField, ExpressionWrapper, F, Q, QuerySet

from surveys.domain.frequency import WINDOW
from surveys.domain.mail.delivery import IN_FLIGHT_AT_MOST
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import HOLDS_SLOT, CampaignState, InvitationState
from surveys.models import Attempt, Campaign, Invitation, Slot
from surveys.queries.proofs import repeated_surveys


@dataclass(frozen=True, slots=True)
class Balance:
    """planned = the sum over all states, for one campaign."""

    campaign_id: int
    slug: str
    planned: int
    states: dict[str, int]

    @property
    def holds(self) -> bool:
        return self.planned == sum(self.states.values())

    def __str__(self) -> str:
        parts = " ".join(f"{state}={number}" for state, number in self.states.items())
        return f"{self.slug}: planned={self.planned} {parts}"


def balance(campaign: Campaign) -> Balance:
    return next(balances(campaign))


def balances(campaign: Campaign | None = None) -> Iterator[Balance]:
    """Of one campaign, or of all of them. Every known state is counted by itself."""
    states = {
        state.value: Count("invitations", filter=Q(invitations__state=state))
        for state in InvitationState
    }
    rows = Campaign.objects.annotate(planned=Count("invitations"), **states).order_by("id")
    if campaign is not None:
        rows = rows.filter(pk=campaign.pk)
    for row in rows.values("pk", "slug", "planned", *states):
        counted = {state: row[state] for state in states}
        yield Balance(row["pk"], row["slug"], row["planned"], counted)


def findings(*, now: dt.datetime) -> Iterator[str]:
    """One sentence for each kind of row that must not exist."""
    for each in balances():
        if not each.holds:
            yield f"campaign {each.slug} does not balance: {each}"
    checks = {
        "slots are held by invitations that wait for nothing": _idle_slots(),
        "waiting invitations hold no slot": _slotless(),
        "invitations are being sent for longer than the sweep allows": _stuck(now),
        "attempts have been open for longer than the sweep allows": _open_attempts(now),
        "counted mails or answers have no slot that is busy for their window": _unanchored(now),
        "surveys went again to persons who were known to have them": repeated_surveys(),
    }
    for what, number in checks.items():
        if number:
            yield f"{number} {what}"


def _idle_slots() -> int:
    return Slot.objects.filter(held_by__isnull=False).exclude(held_by__state__in=HOLDS_SLOT).count()


def _slotless() -> int:
    return Invitation.objects.filter(state__in=HOLDS_SLOT, slot__isnull=True).count()


def _stuck(now: dt.datetime) -> int:
    # A minute more: the sweep comes every minute.
    before = now - IN_FLIGHT_AT_MOST - dt.timedelta(minutes=1)
    return Invitation.objects.filter(state=InvitationState.SENDING, claimed_at__lt=before).count()


def _open_attempts(now: dt.datetime) -> int:
    before = now - IN_FLIGHT_AT_MOST - dt.timedelta(minutes=1)
    return Attempt.objects.filter(outcome="", started_at__lt=before).count()


def _unanchored(now: dt.datetime) -> int:
    """Sends, and answers entered by hand, of the last window without a slot busy until its end."""
    sends = Invitation.objects.filter(
        state__in=[InvitationState.SENT, InvitationState.UNKNOWN], sent_at__gt=now - WINDOW
    ).exclude(reason=InvitationReason.IMPORTED)
    entered = Invitation.objects.filter(
        campaign__state=CampaignState.ENTERED, claimed_at__gt=now - WINDOW
    )
    return _uncovered(sends, since="sent_at") + _uncovered(entered, since="claimed_at")


def _uncovered(rows: QuerySet[Invitation], *, since: str) -> int:
    busy_until = ExpressionWrapper(F(since) + WINDOW, output_field=DateTimeField())
    covered = Count("person__slots", filter=Q(person__slots__free_at__gte=busy_until))
    return rows.annotate(covered=covered).filter(covered=0, person__merged_into=None).count()
