from __future__ import annotations

from surveys.models.campaigns import Campaign, CampaignTemplate
from surveys.models.delivery import Attempt, DeliveryEvent, DomainHealth, Sender, SenderCheck
from surveys.models.demo import Demo
from surveys.models.invitations import Invitation, Slot
from surveys.models.responses import Intent, Response, ResponseChange

__all__ = [
    "Attempt",
    "Campaign",
    "CampaignTemplate",
    "DeliveryEvent",
    "Demo",
    "DomainHealth",
    "Intent",
    "Invitation",
    "Response",
    "ResponseChange",
    "Sender",
    "SenderCheck",
    "Slot",
]
