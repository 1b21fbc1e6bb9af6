"""A campaign that pauses itself, and its creator hears why."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from surveys.domain.mail.breakers import CampaignTrip, campaign_trip
from surveys.domain.states import COUNTED, CampaignState
from surveys.models import Campaign, DeliveryEvent
from surveys.services.campaigns.states import CampaignError, pause

logger = logging.getLogger(__name__)


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
    """Pause a campaign with more bad addresses or complaints than mailbox providers bear."""
    campaign = Campaign.objects.get(pk=campaign_id)
    mailed = campaign.invitations.all()
    if campaign.resumed_at is not None:
        mailed = mailed.filter(claimed_at__gte=campaign.resumed_at)
    events = DeliveryEvent.objects.filter(invitation__in=mailed)
    invitations = events.values("invitation").distinct()
    hard_bounces = invitations.filter(detail__bounce="hard").count()
    complaints = invitations.filter(kind="complained").count()
    # Refused at the door is a bad address as much as a bounce: both are tries of this campaign.
    refused = Q(delivery_events__kind="refused", delivery_events__detail__bounce="hard")
    tried = mailed.filter(Q(state__in=COUNTED) | refused).distinct().count()
    trip = campaign_trip(sent=tried, hard_bounces=hard_bounces, complaints=complaints)
    if trip is None:
        return False
    with override(_language_of(campaign)):
        if trip is CampaignTrip.COMPLAINTS:
            reason = _("%(count)s of %(sent)s recipients reported the e-mail as spam.")
            reason %= {"count": complaints, "sent": tried}
        else:
            reason = _("%(count)s of %(sent)s addresses do not exist.")
            reason %= {"count": hard_bounces, "sent": tried}
    return halt(campaign_id, now=now, reason=reason)


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
