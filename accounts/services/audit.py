from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.domain.audit import AuditAction
from accounts.models import AuditEvent, StaffUser


def record_event(
    action: AuditAction,
    *,
    actor: StaffUser | None,
    now: dt.datetime,
    target: object = "",
    **detail: Any,
) -> None:
    """Add a line to the audit log."""
    AuditEvent.objects.create(
        at=now, actor=actor, action=action, target=str(target)[:200], detail=detail
    )
