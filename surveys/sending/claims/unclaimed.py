"""Why a claim was not won, and what becomes of the e-mail then."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from accounts.models import Suppression
from accounts.queries.merges import kept_ids, members_of
from surveys.domain.reasons import BY_SUPPRESSION, InvitationReason
from surveys.domain.states import CLAIMABLE, COUNTED, CampaignState
from surveys.domain.timing import GIVE_UP_AFTER
from surveys.models import Attempt, Campaign, Invitation
from surveys.sending import not_accepted
from surveys.sending.mails import Mail, Unmailable


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
        return "skipped" if left_out else "not_claimed"
    return "not_claimed"


def leave_out(mail: Mail | Unmailable, *, reason: InvitationReason, now: dt.datetime) -> bool:
    if mail.kind is Attempt.Kind.REMINDER:
        return not_accepted.drop_reminder(mail.invitation_id)
    return not_accepted.skip(mail.invitation_id, reason=reason, now=now)


def drop_second(mail: Mail, *, now: dt.datetime) -> bool:
    """Whether it is not claimed at all, as the same survey of the person's is on its way.

    Both were in hand when their persons turned out to be one, and both were given back.
    """
    if len(mail.family) < 2 or mail.kind is Attempt.Kind.REMINDER:
        return False
    before = Q(state__in=COUNTED) | Q(state__in=CLAIMABLE, pk__lt=mail.invitation_id)
    others = Invitation.objects.filter(before, person__in=mail.family, campaign=mail.campaign)
    is_second = others.exclude(pk=mail.invitation_id).exists()
    return is_second and _cancel(mail, reason=InvitationReason.MERGED, now=now)


def _cancel(mail: Mail, *, reason: InvitationReason, now: dt.datetime) -> bool:
    if mail.kind is Attempt.Kind.REMINDER:
        return not_accepted.drop_reminder(mail.invitation_id)
    return not_accepted.cancel(mail.invitation_id, reason=reason, now=now)


def _why_cancelled(mail: Mail) -> InvitationReason | None:
    """The person turned out to have this survey already, or its campaign was cancelled."""
    family = members_of(kept_ids([mail.person_id]).values())
    asked = Invitation.objects.filter(person__in=family, campaign=mail.campaign, state__in=COUNTED)
    if asked.exclude(pk=mail.invitation_id).exists():
        return InvitationReason.MERGED
    cancelled = Campaign.objects.filter(pk=mail.campaign.pk, state=CampaignState.CANCELLED)
    survey = mail.kind is Attempt.Kind.SURVEY
    return InvitationReason.CAMPAIGN_CANCELLED if survey and cancelled.exists() else None


def _has_lost_its_slot(mail: Mail, *, now: dt.datetime) -> bool:
    """Its person was merged with one who used the slots; a paused campaign's rows keep theirs.

    A mail that was under way at the merge may hold one still that a mail of the other keeps busy:
    it waits for no longer than a mail is tried.
    """
    if mail.kind is Attempt.Kind.REMINDER:
        return False
    is_busy = Q(slot__free_at__gt=now + GIVE_UP_AFTER)
    waiting = Invitation.objects.filter(pk=mail.invitation_id).due(now)
    return waiting.filter(Q(slot__isnull=True) | is_busy).exists()
