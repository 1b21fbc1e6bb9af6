"""Asks the people of one customer, because somebody of the staff wants it now.

There is no way around planning: the same decisions, the same insert, the same slots, and at its
turn each e-mail must pass the same claim.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial

from accounts.domain.access.audit import AuditAction
from accounts.models import Customer, StaffUser
from accounts.services.access.audit import record_event
from common.resilience.retry import in_transaction
from config.celery import enqueue
from surveys.domain.eligibility import Decision
from surveys.models import Campaign
from surveys.queries.campaigns.asking import asking, may_ask
from surveys.queries.campaigns.planning import Decided
from surveys.services import slots
from surveys.services.campaigns.plan import Stopped, invite


class NotAsking(Exception):
    """The campaign is not running, or its e-mails are just being given new moments."""


def ask_customer(
    campaign: Campaign, customer: Customer, *, by: StaffUser, now: dt.datetime
) -> list[Decided]:
    """What became of each; pressed twice, the second finds them in the campaign already.

    `now` is the database's.
    """
    found = may_ask(now=now).filter(pk=campaign.pk).first()
    if found is None:
        raise NotAsking
    decided = asking(found, customer, now=now)
    wanted = [each for each in decided if each.send_at is not None]
    beaten: dict[int, Decision] = {}
    for start in range(0, len(wanted), slots.BATCH):
        chunk = wanted[start : start + slots.BATCH]
        beaten |= in_transaction(partial(_ask, found, customer, chunk, by=by, now=now))
    return [_after(each, beaten.get(each.facts.respondent_id)) for each in decided]


def _ask(
    campaign: Campaign,
    customer: Customer,
    wanted: list[Decided],
    *,
    by: StaffUser,
    now: dt.datetime,
) -> dict[int, Decision]:
    try:
        beaten = invite(campaign, wanted, now=now)
    except Stopped as error:
        raise NotAsking from error
    asked = len(wanted) - len(beaten)
    if asked:
        record_event(
            AuditAction.CUSTOMER_ASK,
            actor=by, now=now, target=customer, campaign=campaign.slug, asked=asked,
        )  # fmt: skip
        enqueue("surveys.tasks.dispatch")
    return beaten


def _after(decided: Decided, beaten: Decision | None) -> Decided:
    """Somebody was faster with the last slot, or with this very campaign."""
    return replace(decided, decision=beaten, send_at=None) if beaten else decided
