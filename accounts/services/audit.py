from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import AuditEvent, StaffUser


def record_event(
    action: str,
    *,
    actor: StaffUser | None,
    now: dt.datetime,
    target: object = "",
    **detail: Any,
) -> None:
    """Add a line to the audit log; `action` names what was done, such as `campaign.launch`."""
    AuditEvent.objects.create(
        at=now, actor=actor, action=action, target=str(target)[:200], detail=detail
    )
