"""The kinds of events that figures read; any other kind is kept, too."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    ONBOARDING_COMPLETED = "onboarding_completed"
    TICKET_OPENED = "ticket_opened"
    TICKET_REPLIED = "ticket_replied"
    TICKET_RESOLVED = "ticket_resolved"
    PURCHASED = "purchased"
    RENEWED = "renewed"
    REFERRED = "referred"
    TRAINED = "trained"
    COMMUNITY = "community"
    ATTENDED = "attended"
    MEMBER_INVITED = "member_invited"
    CONTACTED = "contacted"
