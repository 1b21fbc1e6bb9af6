"""What may follow what, in one place: every conditional update asks here what it may start from."""

from __future__ import annotations

from collections.abc import Iterable

from surveys.domain.states import CampaignState, DeliveryStatus, InvitationState

_I = InvitationState
_C = CampaignState

INVITATION_TRANSITIONS: dict[InvitationState, frozenset[InvitationState]] = {
    _I.QUEUED: frozenset({_I.SENDING, _I.CANCELLED, _I.SKIPPED}),
    # Queued, or to be tried again, as before where its sender had it in hand and never began it.
    _I.SENDING: frozenset({_I.SENT, _I.RETRY, _I.FAILED, _I.UNKNOWN, _I.QUEUED}),
    _I.RETRY: frozenset({_I.SENDING, _I.CANCELLED, _I.SKIPPED}),
    # Settled by a provider's event, or by its sender after all; never queued again.
    _I.UNKNOWN: frozenset({_I.SENT, _I.FAILED}),
    _I.SENT: frozenset(),
    _I.FAILED: frozenset(),
    _I.CANCELLED: frozenset(),
    _I.SKIPPED: frozenset(),
}

CAMPAIGN_TRANSITIONS: dict[CampaignState, frozenset[CampaignState]] = {
    _C.DRAFT: frozenset({_C.RUNNING, _C.CANCELLED}),
    _C.RUNNING: frozenset({_C.PAUSED, _C.FINISHED, _C.CANCELLED}),
    _C.PAUSED: frozenset({_C.RUNNING, _C.FINISHED, _C.CANCELLED}),
    _C.FINISHED: frozenset(),
    _C.CANCELLED: frozenset(),
    _C.IMPORTED: frozenset(),
    _C.ENTERED: frozenset(),
}

# Event kinds in the words of anymail and of delivery reports. Opened and clicked are absent on
# purpose: machines open and click.
EVENT_STATUS: dict[str, DeliveryStatus] = {
    "queued": DeliveryStatus.ACCEPTED,
    "sent": DeliveryStatus.ACCEPTED,
    "accepted": DeliveryStatus.ACCEPTED,
    "deferred": DeliveryStatus.DELAYED,
    "delayed": DeliveryStatus.DELAYED,
    "delivered": DeliveryStatus.DELIVERED,
    "bounced": DeliveryStatus.BOUNCED,
    "rejected": DeliveryStatus.BOUNCED,
    "failed": DeliveryStatus.BOUNCED,
    "complained": DeliveryStatus.COMPLAINED,
}

_RANK = {status: rank for rank, status in enumerate(DeliveryStatus)}


def came_from(new: InvitationState) -> frozenset[InvitationState]:
    """The states from which `new` may be reached: the condition of a conditional update."""
    return frozenset(state for state, after in INVITATION_TRANSITIONS.items() if new in after)


def campaign_came_from(new: CampaignState) -> frozenset[CampaignState]:
    return frozenset(state for state, after in CAMPAIGN_TRANSITIONS.items() if new in after)


def delivery_status(kinds: Iterable[str]) -> DeliveryStatus | None:
    """The highest-ranking status among the events, however often and in any order they came."""
    known = (EVENT_STATUS[kind] for kind in kinds if kind in EVENT_STATUS)
    return max(known, key=_RANK.__getitem__, default=None)
