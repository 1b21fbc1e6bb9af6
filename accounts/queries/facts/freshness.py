"""Up to which day each measure is known, and whose source is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.domain.facts.freshness import is_late, usual_rhythm
from accounts.models import Measure


@dataclass(frozen=True, slots=True)
class Source:
    """`rhythm` in days; None: too few days are known to tell."""

    measure: str
    first_day: dt.date
    last_day: dt.date
    rhythm: int | None
    is_late: bool


def sources(*, today: dt.date) -> list[Source]:
    """A measure without a reading is none."""
    found = Measure.objects.filter(first_day__isnull=False, last_day__isnull=False)
    return [_source(each, today=today) for each in found]


def late_sources(*, today: dt.date) -> list[Source]:
    return [each for each in sources(today=today) if each.is_late]


def _source(row: Measure, *, today: dt.date) -> Source:
    first, last = row.first_day, row.last_day
    assert first is not None  # noqa: S101 - asked for above
    assert last is not None  # noqa: S101
    rhythm = usual_rhythm(_days(row.recent_days), _days(row.arrivals))
    return Source(row.key, first, last, rhythm, is_late(last, rhythm=rhythm, today=today))


def _days(texts: Sequence[str]) -> list[dt.date]:
    return [dt.date.fromisoformat(text) for text in texts]
