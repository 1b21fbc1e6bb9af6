"""Planning: those a campaign is to ask get an invitation and a held slot, in one transaction."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from functools import partial

from accounts.models import Import, Suppression
from common.resilience.database import analyse_changed
from common.resilience.lock import only_one
from common.resilience.retry import in_transaction
from surveys.domain.eligibility import Decision, Reason
from surveys.domain.states import CampaignState
from surveys.domain.timing import TimingError
from surveys.models import Campaign, Invitation
from surveys.queries.campaigns.planning import (
    Decided,
    Preview,
    Tally,
    came_free,
    decided_for,
    decisions,
    explain,
    preview,
)
from surveys.queries.tallies import CAP_REFUSALS
from surveys.services import slots
from surveys.services.campaigns.by_itself import hold_outgrown
from surveys.services.campaigns.insert import insert_queued
from surveys.services.campaigns.reschedule import reschedule_due

__all__ = [
    "Preview",
    "Stopped",
    "decided_for",
    "explain",
    "invite",
    "plan_campaign",
    "plan_due",
    "preview",
]

logger = logging.getLogger(__name__)

FULL_PLAN_EVERY = dt.timedelta(hours=1)
# Ticks overlap, so that a slot let go by a slow transaction is not missed between two of them.
OVERLAP = dt.timedelta(minutes=5)


def _nothing() -> None:
    """Nobody waits for what is planned."""


class Stopped(Exception):
    """The campaign was paused, edited or cancelled while it was being planned."""


def plan_due(
    *, now: dt.datetime, thorough: bool = False, planned: Callable[[], object] = _nothing
) -> dict[str, Preview]:
    """One tick over the running campaigns, by slug.

    Everybody is looked at once an hour, after an import and after a suppression was lifted (or
    now, if `thorough`); in between only those of whom a slot came free. `planned` is called each
    time that some have been planned: they need not wait for the others. What an earlier tick is
    still at is left to it: a second look at the same people would only take its time.
    """
    results = {}
    reschedule_due(now=now)
    for pk in Campaign.objects.due(now).order_by("id").values_list("pk", flat=True):
        with only_one(f"plan {pk}") as is_free:
            # Read now: whoever had it may just have looked at everybody.
            campaign = Campaign.objects.due(now).filter(pk=pk).first() if is_free else None
            if campaign is None:
                continue
            try:
                only = None if thorough else _changed(campaign, now=now)
                results[campaign.slug] = _plan(campaign, now=now, only=only, planned=planned)
            except TimingError as error:
                # One campaign whose hours never open must not stop the others.
                logger.error("Campaign %s cannot be planned: %s.", campaign.slug, error)
    return results


def _changed(campaign: Campaign, *, now: dt.datetime) -> Sequence[int] | None:
    """Those of whom a slot came free since the last look; None: everybody is to be looked at."""
    last = campaign.planned_at
    if last is None or _needs_full_plan(campaign, now=now):
        return None
    return came_free(after=last - OVERLAP, now=now)


def plan_campaign(campaign: Campaign, *, now: dt.datetime) -> Preview:
    """Look at everybody and plan who is to be asked; nobody unless the campaign is running."""
    return _plan(campaign, now=now, only=None)


def _plan(
    campaign: Campaign,
    *,
    now: dt.datetime,
    only: Sequence[int] | None,
    planned: Callable[[], object] = _nothing,
) -> Preview:
    tally = Tally()
    if (
        only is None
        and campaign.state == CampaignState.RUNNING
        and hold_outgrown(campaign, now=now)
    ):
        return tally.preview()
    if only is None:
        # Else whoever came by another way than an import is looked up in tables read from end to
        # end.
        analyse_changed()
    try:
        for batch in decisions(campaign, now=now, only=only):
            _plan_batch(campaign, batch, tally, now=now)
            planned()
    except Stopped:
        return tally.preview()
    CAP_REFUSALS.add("planning", tally.reasons[Reason.CAPPED])
    looked = {"planned_at": now} | ({"looked_through_at": now} if only is None else {})
    # An edit that came during this look needs another one.
    unchanged = Campaign.objects.filter(pk=campaign.pk, version=campaign.version)
    unchanged.filter(looked_through_at=campaign.looked_through_at).update(**looked)
    return tally.preview()


def _plan_batch(
    campaign: Campaign, batch: list[Decided], tally: Tally, *, now: dt.datetime
) -> None:
    wanted = [each for each in batch if each.send_at is not None]
    beaten: dict[int, Decision] = {}
    for start in range(0, len(wanted), slots.BATCH):
        chunk = wanted[start : start + slots.BATCH]
        beaten |= in_transaction(partial(invite, campaign, chunk, now=now))
    for each in batch:
        lost = beaten.get(each.facts.respondent_id)
        tally.add(lost or each.decision, at=None if lost else each.send_at)


def invite(campaign: Campaign, wanted: list[Decided], *, now: dt.datetime) -> dict[int, Decision]:
    """Invitations with held slots; returns why not, by respondent, where somebody was faster."""
    # The lock keeps a cancel from finishing between this look and the insert.
    running = Campaign.objects.filter(
        pk=campaign.pk,
        state=CampaignState.RUNNING,
        version=campaign.version,
        reschedule_from=None,
    )
    if not list(running.select_for_update(no_key=True).values_list("pk")):
        raise Stopped
    made = insert_queued(campaign, wanted, now=now)
    reserved = slots.reserve(made, now=now)
    if len(reserved) < len(made):
        unserved = {person: pk for person, pk in made.items() if pk not in reserved}
        slots.ensure_slots(unserved)
        reserved |= slots.reserve(unserved, now=now)
        lost = [pk for pk in made.values() if pk not in reserved]
        Invitation.objects.filter(pk__in=lost).delete()
    return {
        each.facts.respondent_id: Decision(
            Reason.CAPPED if each.facts.person_id in made else Reason.ALREADY_INVITED
        )
        for each in wanted
        if made.get(each.facts.person_id) not in reserved
    }


def _needs_full_plan(campaign: Campaign, *, now: dt.datetime) -> bool:
    last = campaign.looked_through_at
    if last is None or campaign.planned_at is None:
        return True
    if not last <= campaign.planned_at <= now < last + FULL_PLAN_EVERY:
        return True
    since = last - OVERLAP
    return (
        Import.objects.filter(finished_at__gte=since).exists()
        or Suppression.objects.filter(lifted_at__gte=since).exists()
    )
