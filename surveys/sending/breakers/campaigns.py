"""A campaign that pauses itself, and its creator hears why."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from surveys.domain.mail.bounces import BounceKind
from surveys.domain.mail.breakers import CampaignTrip, campaign_trip
from surveys.domain.states import COUNTED, CampaignState
from surveys.models import Campaign, DeliveryEvent
from surveys.services.campaigns.states import CampaignError, pause

logger = logging.getLogger(__name__)
_REASONS = {
    CampaignTrip.COMPLAINTS: gettext_lazy(
        "%(count)s of %(sent)s recipients reported the e-mail as spam."
    ),
    CampaignTrip.HARD_BOUNCES: gettext_lazy("%(count)s of %(sent)s addresses do not exist."),
    CampaignTrip.POLICY: gettext_lazy(
        "%(count)s of %(sent)s e-mails were refused for their sender or content, not for their "
        "recipients."
    ),
}


def halt(campaign_id: int, *, now: dt.datetime, reason: str) -> bool:
    """Pause a running campaign on the machine's own account; whether it was running."""
    campaign = Campaign.objects.select_related("created_by").get(pk=campaign_id)
    if campaign.state != CampaignState.RUNNING:
        return False
    try:
        pause(campaign, by=None, now=now, reason=reason[:200])
    except CampaignError:
        return False  # somebody was faster
    logger.warning("campaign %s paused itself: %s", campaign.slug, reason)
    _tell_creator(campaign, reason=reason)
    return True


def check_campaign(campaign_id: int, *, now: dt.datetime) -> bool:
    """Pause a campaign with more bad addresses, complaints or refusals than it may have."""
    campaign = Campaign.objects.get(pk=campaign_id)
    mailed = campaign.invitations.all()
    if campaign.resumed_at is not None:
        mailed = mailed.filter(claimed_at__gte=campaign.resumed_at)
    events = DeliveryEvent.objects.filter(invitation__in=mailed)
    count = {
        CampaignTrip.HARD_BOUNCES: _persons(events.filter(detail__bounce=BounceKind.HARD)),
        CampaignTrip.COMPLAINTS: _persons(events.filter(kind="complained")),
        CampaignTrip.POLICY: _persons(events.filter(detail__bounce=BounceKind.POLICY)),
    }
    # Refused at the door is a bad address as much as a bounce: both are tries of this campaign.
    refused = Q(
        delivery_events__kind="refused",
        delivery_events__detail__bounce__in=[BounceKind.HARD, BounceKind.POLICY],
    )
    tried = mailed.filter(Q(state__in=COUNTED) | refused).distinct().count()
    trip = campaign_trip(
        sent=tried,
        hard_bounces=count[CampaignTrip.HARD_BOUNCES],
        complaints=count[CampaignTrip.COMPLAINTS],
        policy=count[CampaignTrip.POLICY],
    )
    if trip is None:
        return False
    with override(_language_of(campaign)):
        reason = _REASONS[trip] % {"count": count[trip], "sent": tried}
        if trip is CampaignTrip.POLICY:
            reason += f" {_last_words(events)}"
    return halt(campaign_id, now=now, reason=reason.strip())


def _persons(events: QuerySet[DeliveryEvent]) -> int:
    return events.values("invitation").distinct().count()


def _last_words(events: QuerySet[DeliveryEvent]) -> str:
    said = events.filter(detail__bounce=BounceKind.POLICY).order_by("occurred_at").last()
    return str(said.detail.get("text") or said.detail.get("reply") or "") if said else ""


def _tell_creator(campaign: Campaign, *, reason: str) -> None:
    creator = campaign.created_by
    if creator is None or not creator.is_active:
        return
    with override(_language_of(campaign)):
        subject = _("The campaign “%(name)s” has paused itself") % {"name": campaign.name}
        body = _(
            "The campaign “%(name)s” has paused itself: %(reason)s\n\n"
            "No more e-mails are sent until you resume it: %(url)s"
        ) % {
            "name": campaign.name,
            "reason": reason,
            "url": f"{settings.SITE_URL}/campaigns/{campaign.slug}/",
        }
    try:
        send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [creator.email])
    except (OSError, smtplib.SMTPException, ValueError):
        logger.exception("the creator of %s could not be told of its pause", campaign.slug)


def _language_of(campaign: Campaign) -> str:
    creator = campaign.created_by
    return (creator.language if creator else "") or settings.LANGUAGE_CODE
