"""Making campaigns and moving them from state to state."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from accounts.services.organisation import lacks_sender, organisation
from config.celery import enqueue
from surveys.domain.campaigns.approval import Second
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import CampaignState, InvitationState
from surveys.domain.transitions import came_from, campaign_came_from
from surveys.models import Campaign, Invitation
from surveys.queries.senders import sender_fault
from surveys.services import slots
from surveys.services.campaigns.approval import (
    CampaignError as CampaignError,
)
from surveys.services.campaigns.approval import (
    as_read,
    people_of,
    refuse_alone,
    second_of,
)

CANCEL_BATCH = 500
# That a campaign was launched, paused, resumed, cancelled or finished, in the transaction of it:
# `campaign`, `action`, `now`.
campaign_moved = Signal()
# What decides when its e-mails leave.
SCHEDULE = (
    *("starts_at", "ends_at", "per_hour"),
    *("send_from", "send_until", "weekdays", "holidays_of"),
)
# What stands in its place in the addresses of the pages.
RESERVED = {"new", "calendar", "templates"}
TRIES = 5
EDITABLE = {CampaignState.DRAFT, CampaignState.PAUSED}


def create_campaign(
    *, name: str, slug: str = "", by: StaffUser | None, now: dt.datetime, **fields: Any
) -> Campaign:
    """Make a draft. `fields` are fields of Campaign; nothing is mailed before `launch`."""
    known = CampaignError(_("A campaign “%(slug)s” already exists.") % {"slug": slug})
    if slug in RESERVED or Campaign.objects.filter(slug=slug).exists():
        raise known
    for _try in range(TRIES):
        campaign = Campaign(name=name, slug=slug or unused_slug(name), created_by=by, **fields)
        campaign.full_clean(validate_unique=False)
        _check_sender(campaign)
        with suppress(IntegrityError), transaction.atomic():
            campaign.save()
            record_event(AuditAction.CAMPAIGN_CREATE, actor=by, now=now, target=campaign.slug)
            return campaign
    raise known  # Somebody else made it meanwhile.


def update_campaign(
    campaign: Campaign, *, by: StaffUser | None, now: dt.datetime, **fields: Any
) -> Campaign:
    """Change a campaign that is not being mailed; its e-mails are compiled again."""
    with transaction.atomic():
        current = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if current.state not in EDITABLE:
            raise CampaignError(_("Pause the campaign before you change it."))
        before = [getattr(current, name) for name in SCHEDULE]
        for name, value in fields.items():
            setattr(current, name, value)
        is_draft = current.state == CampaignState.DRAFT
        if not is_draft and before != [getattr(current, name) for name in SCHEDULE]:
            current.reschedule_from = now
            enqueue("surveys.tasks.reschedule")
        current.version += 1
        current.planned_at = None
        current.full_clean()
        _check_sender(current)
        current.save()
        record_event(AuditAction.CAMPAIGN_UPDATE, actor=by, now=now, target=current.slug)
    return current


def _check_sender(campaign: Campaign) -> None:
    if fault := sender_fault(campaign.from_address):
        raise ValidationError({"from_address": fault})


def unused_slug(name: str) -> str:
    """A short name made of the name; numbered where that is taken or has no Latin letter."""
    base = slugify(name)[:70] or "campaign"
    known = Campaign.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    taken = {*known, *RESERVED}
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, 10_000_000))
    return next(slug for slug in candidates if slug not in taken)


def launch(campaign: Campaign, *, by: StaffUser | None, now: dt.datetime) -> None:
    starts_at = campaign.starts_at or now
    refuse_as_demo()
    refuse_sender(campaign)
    _move(
        campaign,
        CampaignState.RUNNING,
        only_from=CampaignState.DRAFT,
        action=AuditAction.CAMPAIGN_LAUNCH,
        by=by,
        now=now,
        starts_at=starts_at,
        launched_at=now,
        second=_second(campaign, by=by, now=now),
    )


def refuse_as_demo() -> None:
    """Before anything that makes e-mails leave: a launch, a resumption, an ask of one person."""
    if lacks_sender():
        raise CampaignError(
            _(
                "Name, postal address and sender of your organisation are not said yet: e-mails "
                "would name the demo. An admin says them in the settings, under “Organisation and "
                "sender”."
            )
        )


def refuse_sender(campaign: Campaign) -> None:
    """Its domain was confirmed when it was written, and may not be any more."""
    if fault := sender_fault(campaign.from_address):
        raise CampaignError(fault)


def pause(
    campaign: Campaign,
    *,
    by: StaffUser | None,
    now: dt.datetime,
    reason: str = "",
    **fields: Any,
) -> None:
    """Stop new claims at once; mail in hand is finished. `reason` is shown on the page."""
    _move(
        campaign,
        CampaignState.PAUSED,
        action=AuditAction.CAMPAIGN_PAUSE,
        by=by,
        now=now,
        state_reason=reason,
        **fields,
    )


def pause_all(*, now: dt.datetime, reason: str) -> None:
    for campaign in Campaign.objects.filter(state=CampaignState.RUNNING):
        with suppress(CampaignError):  # somebody was faster
            pause(campaign, by=None, now=now, reason=reason)


def resume(campaign: Campaign, *, by: StaffUser | None, now: dt.datetime) -> None:
    refuse_as_demo()
    refuse_sender(campaign)
    second = _second(campaign, by=by, now=now)
    with transaction.atomic():
        # What became due in the pause would leave all at once.
        paced = Campaign.objects.filter(pk=campaign.pk, per_hour__isnull=False)
        paced.update(reschedule_from=now)
        _move(
            campaign,
            CampaignState.RUNNING,
            only_from=CampaignState.PAUSED,
            action=AuditAction.CAMPAIGN_RESUME,
            by=by,
            now=now,
            state_reason="",
            resumed_at=now,
            second=second,
        )


def _second(
    campaign: Campaign, *, by: StaffUser | None, now: dt.datetime
) -> tuple[Q, dict[str, Any]]:
    """What must hold of the row, and what it keeps, where two launch what is large.

    Also of what one may launch: an edit after the counting must not launch what nobody counted.
    """
    if organisation().approval_above is None:
        return Q(), {}
    people = people_of(campaign, now=now)
    found = second_of(campaign, people=people, by=by)
    if found is Second.NOT_NEEDED:
        return as_read(campaign), {}
    if by is None or found is not Second.MAY:
        refuse_alone(campaign)
    return as_read(campaign), {"approved_version": campaign.version, "approved_audience": people}


def cancel(campaign: Campaign, *, by: StaffUser | None, now: dt.datetime) -> None:
    """End a campaign: what was not mailed is not mailed, and its slots are free again."""
    _move(
        campaign,
        CampaignState.CANCELLED,
        action=AuditAction.CAMPAIGN_CANCEL,
        by=by,
        now=now,
        finished_at=now,
    )
    cancel_waiting(campaign, now=now)


def cancel_waiting(campaign: Campaign, *, now: dt.datetime) -> int:
    """Of a cancelled campaign; also what came back unsent since."""
    cancelled = 0
    while batch := _cancel_batch(campaign, now=now):
        cancelled += batch
    return cancelled


def _cancel_batch(campaign: Campaign, *, now: dt.datetime) -> int:
    unsent = came_from(InvitationState.CANCELLED)
    with transaction.atomic():
        waiting = campaign.invitations.filter(state__in=unsent).order_by("person_id")
        ids = list(waiting.select_for_update().values_list("pk", flat=True)[:CANCEL_BATCH])
        slots.release(ids)
        Invitation.objects.filter(pk__in=ids).update(
            state=InvitationState.CANCELLED,
            reason=InvitationReason.CAMPAIGN_CANCELLED,
            settled_at=now,
        )
    return len(ids)


def _move(
    campaign: Campaign,
    state: CampaignState,
    *,
    only_from: CampaignState | None = None,
    action: AuditAction,
    by: StaffUser | None,
    now: dt.datetime,
    second: tuple[Q, dict[str, Any]] | None = None,
    **fields: Any,
) -> None:
    with transaction.atomic():
        holds, by_two = second or (Q(), {})
        found = Campaign.objects.filter(holds, pk=campaign.pk, state__in=campaign_came_from(state))
        if only_from is not None:
            found = found.filter(state=only_from)
        if not found.update(state=state, **fields, **by_two):
            campaign.refresh_from_db()
            raise CampaignError(
                _("“%(name)s” is %(state)s; this is not possible now.")
                % {"name": campaign.name, "state": campaign.get_state_display()}
            )
        campaign.refresh_from_db()
        noted = {**fields, "asked_by": campaign.approval_asked_by if by_two else None}
        record_event(action, actor=by, now=now, target=campaign.slug, **_plain(noted))
        campaign_moved.send(Campaign, campaign=campaign.pk, action=action, now=now)
        if state == CampaignState.RUNNING:
            enqueue("surveys.tasks.plan")


def _plain(fields: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items() if value}
