"""What rests on the days of the organisation's zone."""

from __future__ import annotations

from accounts.models import Event
from surveys.models import Invitation, Response


def zone_is_fixed() -> bool:
    """Whether something has a day already: counts, nights and readings of it are kept by that."""
    sent = Invitation.objects.filter(sent_at__isnull=False)
    return Response.objects.exists() or Event.objects.exists() or sent.exists()
