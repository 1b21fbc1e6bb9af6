"""A launch by two: one asks for it, somebody else does it, and nobody changes it in between.

What was read of the row is a condition of the update that launches (`states.py`), so that an edit,
a withdrawal and a launch at one moment cannot pass each other.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from accounts.services.organisation import organisation
from surveys.domain.campaigns.approval import Second, second, takes_two
from surveys.domain.states import CampaignState
from surveys.models import Campaign
from surveys.queries.campaigns.audience import audience_size

ASKABLE = (CampaignState.DRAFT, CampaignState.PAUSED)
_READ = (
    *("version", "approved_version", "approved_audience"),
    *("approval_version", "approval_asked_by_id"),
)


class CampaignError(Exception):
    """A campaign cannot do what was asked; the text says why and what would help."""


def as_read(campaign: Campaign) -> Q:
    """Nothing that the launch rests on was changed since this was read."""
    return Q(**{name: getattr(campaign, name) for name in _READ})


def second_of(campaign: Campaign, *, people: int | None, by: StaffUser | None) -> Second:
    """What somebody may do of the launch of a campaign with so large an audience.

    `people` None: not counted, so taken for large, and for what was launched. `by` None: a program
    or a command, which is nobody's second.
    """
    above = organisation().approval_above
    if above is None or (people is not None and not takes_two(people, above=above)):
        return Second.NOT_NEEDED
    if campaign.approved_version == campaign.version and not _has_grown(campaign, people, above):
        return Second.NOT_NEEDED
    return second(
        version=campaign.version,
        asked_version=campaign.approval_version if campaign.approval_asked_by_id else None,
        asked_by_me=by is not None and campaign.approval_asked_by_id == by.pk,
    )


def _has_grown(campaign: Campaign, people: int | None, above: int) -> bool:
    approved = campaign.approved_audience or 0
    return people is not None and takes_two(people, above=above, approved=approved)


def people_of(campaign: Campaign, *, now: dt.datetime) -> int:
    """Everybody in its audience counts: who cannot be asked today may be tomorrow."""
    return audience_size(campaign, now=max(now, campaign.starts_at or now))


def has_outgrown(campaign: Campaign, *, now: dt.datetime) -> bool:
    """Whether a running one would ask more than whoever launched it may."""
    if organisation().approval_above is None:
        return False
    return bool(second_of(campaign, people=people_of(campaign, now=now), by=None))


def refuse_alone(campaign: Campaign) -> None:
    # What has grown since two launched it is asked for like any other: its page has the button.
    outgrown = Campaign.objects.filter(pk=campaign.pk, approved_version=campaign.version)
    outgrown.update(approved_version=None)
    raise CampaignError(
        _(
            "“%(name)s” asks more than %(number)s people, so two people launch it: ask for "
            "that on its page, and somebody else who may launch campaigns does it. A change "
            "in between asks anew."
        )
        % {"name": campaign.name, "number": f"{organisation().approval_above or 0:,}"}
    )


@transaction.atomic
def ask_for_second(campaign: Campaign, *, by: StaffUser, now: dt.datetime) -> None:
    """Of the version that was looked at; who asks later takes the place of who asked first."""
    seen = Campaign.objects.filter(pk=campaign.pk, version=campaign.version, state__in=ASKABLE)
    asked = {"approval_asked_at": now, "approval_asked_by": by, "approval_version": F("version")}
    if not seen.update(**asked):
        raise CampaignError(_("The campaign was changed meanwhile. Look at it again."))
    record_event(AuditAction.CAMPAIGN_APPROVAL_ASKED, actor=by, now=now, target=campaign.slug)


@transaction.atomic
def take_back(campaign: Campaign, *, by: StaffUser, now: dt.datetime) -> None:
    """Whoever asked, or finds that it should not be launched so."""
    asked = Campaign.objects.filter(
        pk=campaign.pk, state__in=ASKABLE, approval_asked_by__isnull=False
    )
    nobody = {"approval_asked_at": None, "approval_asked_by": None, "approval_version": None}
    if not asked.update(**nobody):
        raise CampaignError(_("Nobody is asked to launch it any more."))
    record_event(AuditAction.CAMPAIGN_APPROVAL_ENDED, actor=by, now=now, target=campaign.slug)
