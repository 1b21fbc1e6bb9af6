"""The root causes that can be chosen, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from actions.domain.follow_ups.causes import Cause
from actions.labels import CAUSE_LABELS
from actions.models import RootCause


def offered_causes() -> list[tuple[str, str]]:
    """Koe's own but for those that were hidden, then the organisation's."""
    rows = {row.key: row for row in RootCause.objects.all()}
    own = [key for key, row in rows.items() if row.is_offered and key not in list(Cause)]
    kept = [each for each in Cause if each not in rows or rows[each].is_offered]
    last = [each for each in kept if each is Cause.UNKNOWN]
    keys = [*(each for each in kept if each is not Cause.UNKNOWN), *own, *last]
    return [(key, _name(key, rows)) for key in keys]


def cause_name(key: str) -> str:
    return cause_names([key])[key]


def cause_names(keys: Iterable[str]) -> dict[str, str]:
    """Also of those that are no longer offered."""
    wanted = list(keys)
    rows = {row.key: row for row in RootCause.objects.filter(key__in=wanted)}
    return {key: _name(key, rows) for key in wanted}


def _name(key: str, rows: dict[str, RootCause]) -> str:
    if key in list(Cause):
        return str(CAUSE_LABELS[Cause(key)])
    return str(rows[key]) if key in rows else key


def withdrawn_causes() -> list[tuple[str, str]]:
    return [(row.key, cause_name(row.key)) for row in RootCause.objects.filter(is_offered=False)]
