from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from accounts.domain.access.audit import AuditAction
from accounts.domain.contactability import SuppressionReason
from accounts.models import Person
from accounts.services.suppression import suppressed
from actions.models import FollowUpEntry
from actions.services.alerts.on_answer import NEWS
from actions.services.follow_ups.opening import entry_written
from analytics.services.health.signals import band_set, scored
from api.models import Ask, Member
from api.services.members import forget
from api.services.rest.exporting import end_all
from api.services.webhooks import facts
from surveys.models import ResponseChange
from surveys.services.answers.receive import ledger_written
from surveys.services.campaigns.states import campaign_moved
from surveys.services.people.erase import words_forgotten


@receiver(words_forgotten, sender=Person, dispatch_uid="api.words_forgotten")
def forget_members(*, persons: Sequence[int], **_: Any) -> None:
    # Asked under a name that became another member's as well.
    Ask.objects.filter(invitation__person__in=persons).update(properties={})
    forget(Member.objects.filter(person__in=persons))
    # Once nobody can read them any more: what begins in between still would.
    transaction.on_commit(lambda: end_all(now=timezone.now()), robust=True)


@receiver(ledger_written, dispatch_uid="api.answers_changed")
def answers_changed(*, changes: Sequence[ResponseChange], **_: Any) -> None:
    facts.answers_changed(changes)


@receiver(entry_written, dispatch_uid="api.follow_up_moved")
def follow_up_moved(*, entry: FollowUpEntry, **_: Any) -> None:
    facts.follow_up_moved(entry)


@receiver(campaign_moved, dispatch_uid="api.campaign_moved")
def tell_of_campaign(*, campaign: int, action: AuditAction, now: dt.datetime, **_: Any) -> None:
    facts.campaign_moved(campaign, action, now=now)


@receiver(suppressed, dispatch_uid="api.mail_stopped")
def mail_stopped(
    *,
    person: int,
    reason: SuppressionReason,
    until: dt.datetime | None,
    now: dt.datetime,
    **_: Any,
) -> None:
    # Of what another program knew long ago nobody needs to hear.
    if now > timezone.now() - NEWS:
        facts.mail_stopped(person, reason, until=until, now=now)


@receiver(scored, dispatch_uid="api.scored")
def health_scored(*, day: dt.date, today: dt.date, **_: Any) -> None:
    facts.scored(day, today=today, now=timezone.now())


@receiver(band_set, dispatch_uid="api.band_set")
def tell_of_band(*, customer: int, before: str, after: str, now: dt.datetime, **_: Any) -> None:
    facts.band_set(customer, before=before, after=after, now=now)
