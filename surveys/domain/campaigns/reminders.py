"""Who is reminded: once, and only where the first e-mail surely went out and nothing since speaks
against another. The queries take their conditions from here.
"""

from __future__ import annotations

from datetime import timedelta

from surveys.domain.states import DeliveryStatus, InvitationState

REMINDER_MIN_DAYS = 3
REMINDED_IN = frozenset({InvitationState.SENT})
# The same address would bounce again, and who complained wants no more.
NOT_REMINDED_AFTER = frozenset({DeliveryStatus.BOUNCED, DeliveryStatus.COMPLAINED})


def reminder_delay(days: int) -> timedelta:
    """How long after the first e-mail; nobody is reminded sooner, whatever a campaign says."""
    return timedelta(days=max(days, REMINDER_MIN_DAYS))
