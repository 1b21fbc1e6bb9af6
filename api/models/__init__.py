from __future__ import annotations

from api.models.autopilot import Membership
from api.models.exports import Export
from api.models.idempotency import IdempotentCall
from api.models.keys import ApiKey, Project
from api.models.people import Ask, Member
from api.models.webhooks import Event, Subscription

__all__ = [
    "ApiKey",
    "Ask",
    "Event",
    "Export",
    "IdempotentCall",
    "Member",
    "Membership",
    "Project",
    "Subscription",
]
