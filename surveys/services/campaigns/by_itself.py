"""A campaign that pauses by itself, and its creator hears why."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import override

from surveys.models import Campaign
from surveys.services.campaigns.approval import CampaignError, has_outgrown
from surveys.services.campaigns.states import pause

logger = logging.getLogger(__name__)


def pause_by_itself(campaign: Campaign, *, now: dt.datetime, reason: str, **fields: Any) -> bool:
    """On the machine's own account; whether it was running."""
    try:
        pause(campaign, by=None, now=now, reason=reason[:200], **fields)
    except CampaignError:
        return False  # somebody was faster
    logger.warning("campaign %s paused itself: %s", campaign.slug, reason)
    _tell_creator(campaign, reason=reason)
    return True


def hold_outgrown(campaign: Campaign, *, now: dt.datetime) -> bool:
    """Before planning looks at everybody: what has grown too large for whoever launched it waits.

    None of those who came is planned; whom it planned before waits with it.
    """
    if not has_outgrown(campaign, now=now):
        return False
    with override(language_of(campaign)):
        reason = _(
            "Its audience has grown beyond what was launched. To go on, two people have to "
            "launch it: one asks, somebody else resumes it."
        )
    pause_by_itself(campaign, now=now, reason=reason, approved_version=None)
    return True


def language_of(campaign: Campaign) -> str:
    """In which the reason is told: that of whoever made it."""
    creator = campaign.created_by
    return (creator.language if creator else "") or settings.LANGUAGE_CODE


def _tell_creator(campaign: Campaign, *, reason: str) -> None:
    creator = campaign.created_by
    if creator is None or not creator.is_active:
        return
    with override(language_of(campaign)):
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
