from __future__ import annotations

import datetime as dt

from accounts.domain.access.audit import AuditAction
from accounts.services.access.audit import record_event
from api.models import ApiKey


def note_write(key: ApiKey, act: str, target: str, *, now: dt.datetime) -> None:
    """In the audit log, beside what the act itself leaves there: which key it was."""
    event = AuditAction.API_WRITE
    record_event(event, actor=None, now=now, target=target, key=key.shown, name=key.name, act=act)
