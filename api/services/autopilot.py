"""Memberships of Autopilot: whom it asks, and its asks, within the cap as all others."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from api.domain.autopilot import EMAIL, first_at, next_at
from api.models import Member, Membership
from api.services.asking import ask_member
from common.resilience.retry import in_transaction

AT_ONCE = 1000
NO_DELAY = dt.timedelta(0)
TRIED_AGAIN_AFTER = dt.timedelta(days=1)
logger = logging.getLogger(__name__)


@transaction.atomic
def enrol(
    member: Member, platform: str, properties: Mapping[str, str], *, now: dt.datetime
) -> Membership:
    """Whoever is a member gets other properties, and keeps their turn."""
    row, _ = Membership.objects.update_or_create(
        member=member,
        platform=platform,
        defaults={"properties": dict(properties), "updated_at": now},
        create_defaults={
            "properties": dict(properties),
            "updated_at": now,
            "created_at": now,
            "next_at": _first_at(member, now=now) if platform == EMAIL else None,
        },
    )
    return row


def ask_due(*, now: dt.datetime) -> int:
    """How many were asked; who is not asked this time has another turn in the next cadence."""
    due = Membership.objects.filter(next_at__lte=now, member__deleted_at=None).order_by("next_at")
    asked = 0
    for row in due.select_related("member__project")[:AT_ONCE]:
        try:
            asked += in_transaction(partial(_ask, row, now=now))
        except Exception:  # One that cannot be asked must not hold up those behind it.
            logger.exception("membership %s could not be asked", row.pk)
            _turn(row).update(next_at=now + TRIED_AGAIN_AFTER)
    return asked


def _ask(row: Membership, *, now: dt.datetime) -> bool:
    """In one transaction with its next turn: two ticks at once ask once."""
    if not _turn(row).update(next_at=next_at(str(row.member_id), now=now, zone=_zone())):
        return False
    return ask_member(row.member, row.properties, delay=NO_DELAY, now=now) is not None


def _turn(row: Membership) -> QuerySet[Membership]:
    return Membership.objects.filter(pk=row.pk, next_at=row.next_at)


def _first_at(member: Member, *, now: dt.datetime) -> dt.datetime:
    known = Member.objects.with_moments().get(pk=member.pk)
    told = (known.asked_at, known.last_sent_at)  # type: ignore[attr-defined]
    asked_at = max((each for each in told if each is not None), default=None)
    return first_at(str(member.pk), asked_at=asked_at, now=now, zone=_zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
