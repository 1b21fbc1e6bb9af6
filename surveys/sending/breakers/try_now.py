"""“Try now”: staff know that a mail server is back before its breaker does."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from config.celery import enqueue
from surveys.domain.states import CLAIMABLE, CampaignState
from surveys.models import Campaign, DomainHealth, Invitation
from surveys.queries.calendar.calendars import Hours
from surveys.sending.breakers import domains

DISPATCH = "surveys.tasks.dispatch"


def try_now(domain: str, *, by: StaffUser, now: dt.datetime) -> bool:
    """The breaker lets its next e-mail through at once; whether it was open.

    What was put off until its next try comes back as far as its hours allow. Where the mail server
    still refuses, the breaker opens again after this one e-mail.
    """
    with transaction.atomic():
        row = DomainHealth.objects.select_for_update().filter(domain=domain).first()
        if row is None or row.open_until is None:
            return False
        until = row.open_until
        domains.save(row, domains.as_rule(row).tried_now(now=now))
        if until > now:
            for prefix in ("", "reminder_"):
                _bring_back(prefix, until, now=now)
        record_event(AuditAction.SENDING_TRY, actor=by, now=now, target=domain)
        enqueue(DISPATCH)
    return True


def _bring_back(prefix: str, until: dt.datetime, *, now: dt.datetime) -> None:
    rows = Invitation.objects.filter(
        **{f"{prefix}state__in": CLAIMABLE, f"{prefix}send_at": until},
        campaign__state=CampaignState.RUNNING,
    ).order_by()
    groups = rows.values_list("campaign", "respondent__time_zone").distinct()
    campaigns = Campaign.objects.in_bulk({campaign for campaign, _zone in groups})
    for campaign, zone in groups:
        at, closes = Hours(campaigns[campaign]).from_then(now, zone)
        if at == now:
            mine = rows.filter(campaign=campaign, respondent__time_zone=zone)
            mine.update(
                **{f"{prefix}send_at": now, f"{prefix}send_by": closes, "dispatched_at": None}
            )
