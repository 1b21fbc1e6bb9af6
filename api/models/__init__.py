from __future__ import annotations

from api.models.autopilot import Membership
from api.models.exports import Export
from api.models.idempotency import IdempotentCall
from api.models.keys import ApiKey, Project
from api.models.people import Ask, Member

__all__ = ["ApiKey", "Ask", "Export", "IdempotentCall", "Member", "Membership", "Project"]
