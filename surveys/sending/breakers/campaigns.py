"""What pauses a campaign by itself: too many addresses that are none, or no sender any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy, override

from surveys.domain.mail.bounces import BounceKind
from surveys.domain.mail.breakers import CampaignTrip, campaign_trip
from surveys.domain.states import COUNTED
from surveys.models import Campaign, DeliveryEvent
from surveys.queries.senders import sender_fault
from surveys.services.campaigns.by_itself import language_of, pause_by_itself

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
    return pause_by_itself(campaign, now=now, reason=reason)


def halt_without_sender(campaigns: Iterable[Campaign], *, now: dt.datetime) -> None:
    """The domain of its address may be ours no more: the settings of the server say so, or
    another admin. Looked at with each batch, so that no e-mail leaves in its name.
    """
    for campaign in campaigns:
        with override(language_of(campaign)):
            fault = sender_fault(campaign.from_address)
        if fault:
            halt(campaign.pk, now=now, reason=fault)


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
    with override(language_of(campaign)):
        reason = _REASONS[trip] % {"count": count[trip], "sent": tried}
        if trip is CampaignTrip.POLICY:
            reason += f" {_last_words(events)}"
    return halt(campaign_id, now=now, reason=reason.strip())


def _persons(events: QuerySet[DeliveryEvent]) -> int:
    return events.values("invitation").distinct().count()


def _last_words(events: QuerySet[DeliveryEvent]) -> str:
    said = events.filter(detail__bounce=BounceKind.POLICY).order_by("occurred_at").last()
    return str(said.detail.get("text") or said.detail.get("reply") or "") if said else ""
