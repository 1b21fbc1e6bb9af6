"""Sweeping: what was left lying is settled, what has ended is closed. Safe to run twice at once."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.domain.access.audit import AuditAction
from accounts.models import Suppression
from accounts.services.access.audit import record_event
from accounts.services.suppression import lift_ended
from common.resilience.retry import retry
from surveys.domain.campaigns.reminders import NOT_REMINDED_AFTER, REMINDED_IN, reminder_delay
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import CLAIMABLE, CampaignState, InvitationState
from surveys.domain.transitions import came_from, campaign_came_from
from surveys.models import Campaign, Invitation, Response
from surveys.queries.campaigns.schedule import Schedule
from surveys.sending.recovery import settle_lost
from surveys.services import slots
from surveys.services.campaigns.states import campaign_moved, cancel_waiting

logger = logging.getLogger(__name__)
BATCH = 500
_AT_WORK = campaign_came_from(CampaignState.FINISHED)
_UNDER_WAY = [*CLAIMABLE, InvitationState.SENDING]


def sweep(*, now: dt.datetime) -> Counter[str]:
    steps: dict[str, Callable[..., int]] = {
        "unknown": settle_lost,
        "cancelled": cancel_rest,
        "skipped": skip_ended,
        "reminders": queue_reminders,
        "finished": finish_campaigns,
        "tried_again": lift_ended,
    }
    done: Counter[str] = Counter()
    for name, step in steps.items():
        try:
            done[name] = step(now=now)
        except Exception:
            logger.exception("the sweep could not do its step %r", name)
    return done


def cancel_rest(*, now: dt.datetime) -> int:
    """What a sender had in hand when its campaign was cancelled, and is to be tried again."""
    waiting = Invitation.objects.filter(campaign=OuterRef("pk"), state__in=CLAIMABLE)
    campaigns = Campaign.objects.filter(Exists(waiting), state=CampaignState.CANCELLED)
    return sum(cancel_waiting(each, now=now) for each in campaigns)


def skip_ended(*, now: dt.datetime) -> int:
    """What was still to be sent when its campaign ended, or when its day had passed."""
    ended = Q(campaign__state__in=_AT_WORK, campaign__ends_at__lte=now) | Q(
        campaign__state=CampaignState.FINISHED
    )
    total = _skip_all(ended, reason=InvitationReason.CAMPAIGN_ENDED, now=now)
    return total + _skip_all(Q(ask_by__lte=now), reason=InvitationReason.TOO_LATE, now=now)


def _skip_all(which: Q, *, reason: InvitationReason, now: dt.datetime) -> int:
    waiting = Invitation.objects.filter(which, state__in=CLAIMABLE).order_by("person_id")
    total = 0
    while ids := list(waiting.values_list("pk", flat=True)[:BATCH]):
        total += retry(lambda ids=ids: _skip(ids, reason=reason, now=now))  # type: ignore[misc]
    return total


def _skip(ids: list[int], *, reason: InvitationReason, now: dt.datetime) -> int:
    with transaction.atomic():
        waiting = came_from(InvitationState.SKIPPED)
        rows = Invitation.objects.filter(pk__in=ids, state__in=waiting).order_by("person_id")
        locked = list(rows.select_for_update().values_list("pk", flat=True))
        slots.release(locked)
        return Invitation.objects.filter(pk__in=locked).update(
            state=InvitationState.SKIPPED, reason=reason, settled_at=now
        )


def queue_reminders(*, now: dt.datetime) -> int:
    queued = 0
    campaigns = Campaign.objects.filter(
        state=CampaignState.RUNNING, reminder_after_days__isnull=False
    )
    for campaign in campaigns:
        schedule = Schedule(campaign, now=now)
        due = to_remind(campaign, now=now).values_list("pk", "respondent__time_zone")
        for pk, zone in due.iterator(chunk_size=BATCH):
            at, by = schedule.reminder(zone, not_before=now)
            queued += Invitation.objects.filter(pk=pk, reminder_state="").update(
                reminder_state=InvitationState.QUEUED,
                reminder_send_at=at,
                reminder_send_by=by,
                dispatched_at=None,
            )
    return queued


def to_remind(campaign: Campaign, *, now: dt.datetime) -> QuerySet[Invitation]:
    """Surely sent long enough ago, still open, and nothing speaks against a second mail."""
    delay = reminder_delay(campaign.reminder_after_days or 0)
    return _remindable(campaign, now=now).filter(sent_at__lte=now - delay)


def _remindable(campaign: Campaign, *, now: dt.datetime) -> QuerySet[Invitation]:
    suppressed = Suppression.objects.active().filter(person=OuterRef("person"))
    answered = Response.objects.filter(invitation=OuterRef("pk"))
    return (
        Invitation.objects.filter(
            campaign=campaign,
            state__in=REMINDED_IN,
            reminder_state="",
            sent_at__gt=now - dt.timedelta(days=campaign.expires_after_days),
            person__erased_at__isnull=True,
        )
        .exclude(delivery_status__in=NOT_REMINDED_AFTER)
        .filter(~Exists(answered), ~Exists(suppressed))
    )


def finish_campaigns(*, now: dt.datetime) -> int:
    """A campaign is finished when it asks nobody any more and no mail of it is under way."""
    finished = 0
    for campaign in Campaign.objects.filter(state__in=_AT_WORK, ends_at__lte=now):
        if _has_mail_to_come(campaign, now=now):
            continue
        with transaction.atomic():
            mine = Campaign.objects.filter(
                pk=campaign.pk, state__in=campaign_came_from(CampaignState.FINISHED)
            )
            if mine.update(state=CampaignState.FINISHED, finished_at=now):
                action = AuditAction.CAMPAIGN_FINISH
                record_event(action, actor=None, now=now, target=campaign.slug)
                campaign_moved.send(Campaign, campaign=campaign.pk, action=action, now=now)
                finished += 1
    return finished


def _has_mail_to_come(campaign: Campaign, *, now: dt.datetime) -> bool:
    under_way = Q(state__in=_UNDER_WAY) | Q(reminder_state__in=_UNDER_WAY)
    if campaign.invitations.filter(under_way).exists():
        return True
    reminds = campaign.reminder_after_days is not None and campaign.state == CampaignState.RUNNING
    return reminds and _remindable(campaign, now=now).exists()
