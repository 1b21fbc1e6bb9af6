"""Drafts are deleted, campaigns that are over archived, and one may begin as a copy of another."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from surveys.domain.campaigns.templates import FIELDS
from surveys.domain.states import OVER, CampaignState
from surveys.models import Campaign
from surveys.services.campaigns.states import CampaignError, create_campaign


@transaction.atomic
def delete_draft(campaign: Campaign, *, by: StaffUser, now: dt.datetime) -> None:
    """The lock keeps a launch from coming in between."""
    drafts = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.DRAFT)
    if not list(drafts.select_for_update().values_list("pk")):
        raise CampaignError(_("Only a draft can be deleted. Archive a campaign that is over."))
    try:
        drafts.delete()
    except ProtectedError as error:
        raise CampaignError(_("This draft is in use, so it cannot be deleted.")) from error
    record_event(AuditAction.CAMPAIGN_DELETE, actor=by, now=now, target=campaign.slug)


def archive(campaign: Campaign, *, by: StaffUser, now: dt.datetime) -> None:
    """It leaves the list; its answers stay in every report."""
    _shelve(campaign, archived_at=now, action=AuditAction.CAMPAIGN_ARCHIVE, by=by, now=now)


def restore(campaign: Campaign, *, by: StaffUser, now: dt.datetime) -> None:
    _shelve(campaign, archived_at=None, action=AuditAction.CAMPAIGN_RESTORE, by=by, now=now)


@transaction.atomic
def _shelve(
    campaign: Campaign,
    *,
    archived_at: dt.datetime | None,
    action: AuditAction,
    by: StaffUser,
    now: dt.datetime,
) -> None:
    over = Campaign.objects.filter(pk=campaign.pk, state__in=OVER)
    if not over.filter(archived_at__isnull=archived_at is not None).update(archived_at=archived_at):
        raise CampaignError(_("Only a campaign that is over can be archived."))
    record_event(action, actor=by, now=now, target=campaign.slug)


def duplicate(campaign: Campaign, *, by: StaffUser, now: dt.datetime) -> Campaign:
    """It asks the same people the same, the same way; when it starts and ends is its own."""
    length = Campaign._meta.get_field("name").max_length
    name = _("Copy of %(name)s") % {"name": campaign.name}
    fields = {each: getattr(campaign, each) for each in FIELDS}
    return create_campaign(name=name[:length], by=by, now=now, **fields)
