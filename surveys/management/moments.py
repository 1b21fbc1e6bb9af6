from __future__ import annotations

import datetime as dt

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime


def tick_at(text: str | None) -> dt.datetime:
    """The clock of a command's tick: now, or an ISO moment, in the organisation's zone if none."""
    if not text:
        return timezone.now()
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"--at: {text!r} is not a moment; write 2026-11-22T09:00+09:00.")
    aware = found if timezone.is_aware(found) else timezone.make_aware(found)
    return aware.astimezone(dt.UTC)
