"""A launch by two: one asks for it, somebody else does it, and nobody changes it in between.

Who asks, what is asked for and who does it are conditions of the update that launches
(`states.py`), so that an edit, a withdrawal and a launch at one moment cannot pass each other.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from surveys.domain.campaigns.approval import takes_two
from surveys.domain.states import CampaignState
from surveys.models import Campaign
from surveys.queries.campaigns.planning import preview

ASKABLE = (CampaignState.DRAFT, CampaignState.PAUSED)


class CampaignError(Exception):
    """A campaign cannot do what was asked; the text says why and what would help."""


def is_approved() -> Q:
    """This very version was launched by two before, or is to be by whoever comes now."""
    return Q(approved_version=F("version"))


def may_second(by: StaffUser | None) -> Q:
    """None: a program, which launches only what two people have."""
    if by is None:
        return is_approved()
    asked = Q(approval_version=F("version"), approval_asked_by__isnull=False)
    return is_approved() | (asked & ~Q(approval_asked_by=by))


def needs_second(campaign: Campaign, *, above: int, now: dt.datetime) -> bool:
    """Everybody in its audience counts: who cannot be asked today may be tomorrow."""
    return takes_two(preview(campaign, now=now).audience, above=above)


def refuse_alone(campaign: Campaign, *, above: int, by: StaffUser | None) -> None:
    if not Campaign.objects.filter(may_second(by), pk=campaign.pk).exists():
        raise CampaignError(
            _(
                "“%(name)s” asks more than %(number)s people, so two people launch it: ask for "
                "that on its page, and somebody else who may launch campaigns does it. A change "
                "in between asks anew."
            )
            % {"name": campaign.name, "number": f"{above:,}"}
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
