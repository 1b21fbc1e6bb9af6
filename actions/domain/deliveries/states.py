"""What becomes of a delivery, what carries it, and why one failed."""

from __future__ import annotations

from enum import StrEnum

# The lane of e-mails; each channel has one of its own, so that one that hangs holds up no other.
MAIL_LANE = "mail"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Kind(StrEnum):
    """What stands behind the address of a channel."""

    SLACK = "slack"
    MATTERMOST = "mattermost"
    TEAMS = "teams"
    CHATWORK = "chatwork"
    WEBHOOK = "webhook"
    # As Delighted posted: its envelope, signed with the API key.
    DELIGHTED = "delighted"


# Read by programs, not by whoever happens to be in a room.
FOR_PROGRAMS = frozenset({Kind.WEBHOOK, Kind.DELIGHTED})


class Disabled(StrEnum):
    """Why a channel is not in use."""

    BY_HAND = "hand"
    # It has answered that it is gone for good (410).
    GONE = "gone"


class Fault(StrEnum):
    """Why a delivery failed, where no status says so. Others are told as they come."""

    FORM = "form"
    SCHEME = "scheme"
    PORT = "port"
    PRIVATE = "private"
    TIMEOUT = "timeout"
    SEALED = "sealed"
    CHANNEL = "channel"
    # The API key that signs has not been used since it was chosen, and Koe knew its hash alone.
    UNSIGNED = "unsigned"


def lane_of(channel: int) -> str:
    return f"channel-{channel}"
