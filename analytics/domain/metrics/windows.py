"""How far back metrics look."""

from __future__ import annotations

from datetime import timedelta

YEAR = timedelta(days=365)
# For usage, from the end of a period.
USE_DAYS = 28
