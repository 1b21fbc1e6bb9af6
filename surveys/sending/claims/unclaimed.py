"""Why a claim was not won, and what becomes of the e-mail then."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Suppression
from accounts.queries.merges import kept_ids, members_of
from common.resilience.retry import retry
from surveys.domain.reasons import BY_SUPPRESSION, InvitationReason
from surveys.domain.states import CLAIMABLE, COUNTED, CampaignState, InvitationState
from surveys.domain.timing import GIVE_UP_AFTER
from surveys.domain.transitions import came_from
from surveys.models import Attempt, Campaign, Invitation
from surveys.queries.tallies import CAP_REFUSALS
from surveys.sending.mails import Mail, Unmailable
from surveys.services import slots


def explain(mail: Mail, *, now: dt.datetime) -> str:
    """What was done about it: mostly nothing, as it is another worker's or the campaign paused."""
    active = Suppression.objects.active().filter(person=mail.person_id)
    reason = next(map(BY_SUPPRESSION.__getitem__, active.strongest().values()), None)
    if reason is not None:
        return "skipped" if leave_out(mail, reason=reason, now=now) else "not_claimed"
    if ending := _why_cancelled(mail):
        return "cancelled" if _cancel(mail, reason=ending, now=now) else "not_claimed"
    if _has_lost_its_slot(mail, now=now):
        left_out = leave_out(mail, reason=InvitationReason.CAPPED, now=now)
        CAP_REFUSALS.add("sending", int(left_out))
        return "skipped" if left_out else "not_claimed"
    return "not_claimed"


def leave_out(mail: Mail | Unmailable, *, reason: InvitationReason, now: dt.datetime) -> bool:
    """It must not be mailed."""
    return _end(mail, state=InvitationState.SKIPPED, reason=reason, now=now)


def drop_second(mail: Mail, *, now: dt.datetime) -> bool:
    """Whether it is not claimed at all, as the same survey of the person's is on its way.

    Both were in hand when their persons turned out to be one, and both were given back.
    """
    if mail.kind is Attempt.Kind.REMINDER:
        return False
    before = Q(state__in=COUNTED) | Q(state__in=CLAIMABLE, pk__lt=mail.invitation_id)
    others = _same_survey(mail).filter(before, person__in=mail.family)
    is_second = others.exclude(pk=mail.invitation_id).exists()
    return is_second and _cancel(mail, reason=InvitationReason.MERGED, now=now)


def _cancel(mail: Mail, *, reason: InvitationReason, now: dt.datetime) -> bool:
    """As its campaign was, or because somebody merged has it already."""
    return _end(mail, state=InvitationState.CANCELLED, reason=reason, now=now)


def _end(
    mail: Mail | Unmailable, *, state: InvitationState, reason: InvitationReason, now: dt.datetime
) -> bool:
    """Whether it was not claimed in the meantime. A survey's slot is free again."""
    rows = Invitation.objects.filter(pk=mail.invitation_id)
    if mail.kind is Attempt.Kind.REMINDER:
        waiting = rows.filter(reminder_state__in=CLAIMABLE)
        return bool(waiting.update(reminder_state=InvitationState.CANCELLED))

    def work() -> bool:
        with transaction.atomic():
            waiting = rows.filter(state__in=came_from(state))
            ended = waiting.update(state=state, reason=reason, settled_at=now)
            if ended:
                slots.release([mail.invitation_id])
        return bool(ended)

    return retry(work)


def _why_cancelled(mail: Mail) -> InvitationReason | None:
    """The person turned out to have this survey already, or its campaign was cancelled."""
    family = members_of(kept_ids([mail.person_id]).values())
    asked = _same_survey(mail).filter(person__in=family, state__in=COUNTED)
    if asked.exclude(pk=mail.invitation_id).exists():
        return InvitationReason.MERGED
    cancelled = Campaign.objects.filter(pk=mail.campaign.pk, state=CampaignState.CANCELLED)
    survey = mail.kind is Attempt.Kind.SURVEY
    return InvitationReason.CAMPAIGN_CANCELLED if survey and cancelled.exists() else None


def _same_survey(mail: Mail) -> QuerySet[Invitation]:
    """All of its campaign, of one that goes on those for the same occasion."""
    mine = Invitation.objects.filter(pk=mail.invitation_id).values("occasion")
    return Invitation.objects.filter(campaign=mail.campaign, occasion__in=mine)


def _has_lost_its_slot(mail: Mail, *, now: dt.datetime) -> bool:
    """Its person was merged with one who used the slots; a paused campaign's rows keep theirs.

    A mail that was under way at the merge may hold one still that a mail of the other keeps busy:
    it waits for no longer than a mail is tried. The survey of a reminder waits for nothing.
    """
    is_busy = Q(slot__free_at__gt=now + GIVE_UP_AFTER)
    waiting = Invitation.objects.filter(pk=mail.invitation_id).due(now)
    return waiting.filter(Q(slot__isnull=True) | is_busy).exists()
