"""Saving what the organisation says of itself, with what surveys make of its zone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, StaffUser
from accounts.services.organisation import save_organisation
from config.celery import enqueue
from surveys.domain.states import LAUNCHED
from surveys.models import Campaign
from surveys.queries.organisation import zone_is_fixed


class ZoneIsFixed(Exception):
    """The text says why, and what would help."""


def why_fixed() -> str:
    return _(
        "Something was sent, answered or imported with a time already, and its days were counted "
        "in this zone. Only an empty installation, or one whose demo was cleared, can choose "
        "another one."
    )


@transaction.atomic
def save(row: Organisation, *, by: StaffUser, now: dt.datetime, zone_moves: bool) -> list[str]:
    """`zone_moves`: whether another zone would be in force than now."""
    if zone_moves and zone_is_fixed():
        raise ZoneIsFixed(why_fixed())
    changed = save_organisation(row, by=by, now=now)
    if zone_moves:
        # What waits was given its hours in the old zone.
        waiting = Campaign.objects.filter(state__in=LAUNCHED, reschedule_from__isnull=True)
        if waiting.update(reschedule_from=now):
            enqueue("surveys.tasks.reschedule")
    return changed
