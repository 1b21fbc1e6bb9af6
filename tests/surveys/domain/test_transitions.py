from __future__ import annotations

from itertools import permutations, product

import pytest

from surveys.domain.states import (
    CLAIMABLE,
    COUNTED,
    HOLDS_SLOT,
    CampaignState,
    DeliveryStatus,
    InvitationState,
)
from surveys.domain.transitions import (
    CAMPAIGN_TRANSITIONS,
    INVITATION_TRANSITIONS,
    came_from,
    campaign_came_from,
    delivery_status,
)

I = InvitationState  # noqa: E741
C = CampaignState
D = DeliveryStatus

ALLOWED = {
    (I.QUEUED, I.SENDING),
    (I.QUEUED, I.CANCELLED),
    (I.QUEUED, I.SKIPPED),
    # Given back by a sender that never began it.
    (I.SENDING, I.QUEUED),
    (I.SENDING, I.SENT),
    (I.SENDING, I.RETRY),
    (I.SENDING, I.FAILED),
    (I.SENDING, I.UNKNOWN),
    (I.RETRY, I.SENDING),
    (I.RETRY, I.CANCELLED),
    (I.RETRY, I.SKIPPED),
    (I.UNKNOWN, I.SENT),
    (I.UNKNOWN, I.FAILED),
}


@pytest.mark.parametrize(("old", "new"), [*product(I, I)])
def test_invitation_moves_only_as_listed(old: I, new: I) -> None:
    assert (new in INVITATION_TRANSITIONS[old]) is ((old, new) in ALLOWED)
    assert (old in came_from(new)) is ((old, new) in ALLOWED)


@pytest.mark.parametrize(("old", "new"), [*product(C, C)])
def test_campaign_moves_only_as_listed(old: C, new: C) -> None:
    allowed = {
        (C.DRAFT, C.RUNNING),
        (C.DRAFT, C.CANCELLED),
        (C.RUNNING, C.PAUSED),
        (C.RUNNING, C.FINISHED),
        (C.RUNNING, C.CANCELLED),
        (C.PAUSED, C.RUNNING),
        (C.PAUSED, C.FINISHED),
        (C.PAUSED, C.CANCELLED),
    }
    assert (old in campaign_came_from(new)) is ((old, new) in allowed)


def test_every_state_has_a_row() -> None:
    assert set(INVITATION_TRANSITIONS) == set(I)
    assert set(CAMPAIGN_TRANSITIONS) == set(C)


def test_state_sets() -> None:
    terminal = {state for state, after in INVITATION_TRANSITIONS.items() if not after}
    assert terminal == {I.SENT, I.FAILED, I.CANCELLED, I.SKIPPED}
    assert {I.SENDING, I.SENT, I.UNKNOWN} == COUNTED
    assert {I.QUEUED, I.SENDING, I.RETRY} == HOLDS_SLOT
    assert CLAIMABLE == {I.QUEUED, I.RETRY} == came_from(I.SENDING)


def test_delivery_status_is_the_highest_rank_in_any_order_and_number() -> None:
    events = ["sent", "deferred", "delivered", "bounced", "complained"]
    statuses = [D.ACCEPTED, D.DELAYED, D.DELIVERED, D.BOUNCED, D.COMPLAINED]
    for length, expected in enumerate(statuses, start=1):
        for order in permutations(events[:length]):
            assert delivery_status(order * 3) is expected


def test_delivery_status_ignores_what_machines_do() -> None:
    assert delivery_status([]) is None
    assert delivery_status(["opened", "clicked", "unsubscribed"]) is None
    assert delivery_status(["clicked", "delivered", "opened"]) is D.DELIVERED


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("queued", D.ACCEPTED),
        ("accepted", D.ACCEPTED),
        ("delayed", D.DELAYED),
        ("rejected", D.BOUNCED),
        ("failed", D.BOUNCED),
    ],
)
def test_delivery_status_knows_the_words_of_providers(kind: str, status: D) -> None:
    assert delivery_status([kind]) is status
