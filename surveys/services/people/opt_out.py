from __future__ import annotations

import datetime as dt

from accounts.domain.contactability import SuppressionReason
from accounts.models import Suppression
from accounts.services.suppression import suppress
from surveys.models import Invitation


def opt_out(public_id: str, *, now: dt.datetime) -> Suppression | None:
    """Stop all surveys to the person behind a link of ours; twice changes nothing.

    None where the invitation is gone: then there is nobody left to mail either.
    """
    invitation = Invitation.objects.select_related("person").filter(public_id=public_id).first()
    if invitation is None:
        return None
    return suppress(
        invitation.person,
        SuppressionReason.OPTED_OUT,
        now=now,
        source=f"link of invitation {invitation.pk}",
    )
