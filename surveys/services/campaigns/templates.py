"""Campaigns kept as templates of others."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from surveys.domain.campaigns.templates import FIELDS
from surveys.models import Campaign, CampaignTemplate
from surveys.services.campaigns.states import CampaignError

AT_MOST = 50


@transaction.atomic
def save_as_template(campaign: Campaign, *, by: StaffUser, now: dt.datetime) -> CampaignTemplate:
    """Under the campaign's name; one of that name is written anew."""
    others = CampaignTemplate.objects.exclude(name=campaign.name)
    if others.count() >= AT_MOST:
        raise CampaignError(_("There are too many templates. Delete one first."))
    made, _made = CampaignTemplate.objects.update_or_create(
        name=campaign.name,
        defaults={
            "fields": {name: _stored(getattr(campaign, name)) for name in FIELDS},
            "created_by": by,
        },
    )
    record_event(AuditAction.TEMPLATE_SAVE, actor=by, now=now, target=campaign.slug)
    return made


@transaction.atomic
def delete_template(template: CampaignTemplate, *, by: StaffUser, now: dt.datetime) -> None:
    template.delete()
    record_event(AuditAction.TEMPLATE_DELETE, actor=by, now=now, target=template.name)


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.time) else value
