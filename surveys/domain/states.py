"""The states of invitations, campaigns and deliveries."""

from __future__ import annotations

from enum import StrEnum


class InvitationState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class CampaignState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    IMPORTED = "imported"
    ENTERED = "entered"
    """Holds the answers that staff entered by hand."""


LAUNCHED = (CampaignState.RUNNING, CampaignState.PAUSED)

# Of campaigns that ask, or may still come to ask.
UNFINISHED = (*LAUNCHED, CampaignState.DRAFT)

# They never ask anybody again.
OVER = (CampaignState.FINISHED, CampaignState.CANCELLED)

# They hold answers that nobody was e-mailed for, so they have no response rate.
WITHOUT_MAIL = (CampaignState.IMPORTED, CampaignState.ENTERED)


class DeliveryStatus(StrEnum):
    """In rising order of rank: a later line overrides an earlier one, whatever came first."""

    ACCEPTED = "accepted"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


# A send that may have reached the person counts against their cap; a bounced one was sent.
COUNTED = frozenset({InvitationState.SENDING, InvitationState.SENT, InvitationState.UNKNOWN})

# Of reports: these were asked, as far as anybody knows.
ASKED = (InvitationState.SENT, InvitationState.UNKNOWN)

# A mail still to be tried keeps its slot from anybody else.
HOLDS_SLOT = frozenset({InvitationState.QUEUED, InvitationState.SENDING, InvitationState.RETRY})

# May be claimed for sending once its moment has come.
CLAIMABLE = frozenset({InvitationState.QUEUED, InvitationState.RETRY})
