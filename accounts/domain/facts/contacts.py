"""What a CS member writes down of a customer."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

PULSE_MAX = 10
PULSE_LASTS = dt.timedelta(days=90)


class Channel(StrEnum):
    CALL = "call"
    MEETING = "meeting"
    MAIL = "mail"
    NOTE = "note"


def pulse_counts(at: dt.datetime, *, now: dt.datetime) -> bool:
    """Whether a judgement of that moment still stands: nobody renews it, so it ends by itself."""
    return at <= now < at + PULSE_LASTS
