"""The nightly tick: what is said of every customer today, and what is expected of each band."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.services.bulk import upsert_rows
from analytics.domain.periods import ONE_DAY
from analytics.models import HealthScore
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.health.formulas import formulas_in_force
from analytics.queries.health.scores import DayScores, FormulaScores, live_scores, packed_parts
from analytics.services.health.signals import scored

BATCH = 2000
COLUMNS = (
    "customer", "day", "formula", "score", "band", "known_share", "too_new", "capped_by", "parts",
    "scored_on",
)  # fmt: skip


def score_health(day: dt.date, *, today: dt.date) -> int:
    """How many customers have a row for the day now; a second tick of the same day adds none.

    What was said on the day stays, whatever became known later; what was worked out for it
    afterwards is worked out again.
    """
    with one_snapshot():
        found = live_scores(day, versions=formulas_in_force())
    with transaction.atomic():
        stored = store_scores(found, today=today)
        scored.send(HealthScore, day=day, today=today)
    return stored


def store_scores(found: DayScores, *, today: dt.date) -> int:
    """What was stored on the day itself stays."""
    day = found.day
    rows = [row for part in found.parts for row in _rows(part, day=day, today=today)]
    with transaction.atomic():
        HealthScore.objects.filter(day=day, scored_on__gt=F("day") + ONE_DAY).delete()
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            upsert_rows(HealthScore, COLUMNS, part, unique=["customer", "day"], update=[])
    return len(rows)


def is_scored(day: dt.date) -> bool:
    """Whether it was said of the day, on the day or the one after."""
    return HealthScore.objects.filter(day=day, scored_on__lte=day + ONE_DAY).exists()


def _rows(part: FormulaScores, *, day: dt.date, today: dt.date) -> Iterator[tuple[Any, ...]]:
    """In the order of COLUMNS; objects would take ten times as long as the scores."""
    scores, formula = part.scores, part.version.formula
    columns = (
        part.customers.tolist(),
        scores.score.tolist(),
        scores.bands.tolist(),
        scores.caps.tolist(),
        scores.known_share.tolist(),
        scores.too_new.tolist(),
        packed_parts(scores),
    )
    bands = [*(band.name for band in formula.bands), ""]
    caps = [*(str(cap.when) for cap in formula.caps), ""]
    for customer, score, band, cap, known, too_new, parts in zip(*columns, strict=True):
        # The place -1 is none, and the last of them.
        yield (
            customer, day, part.version.pk, None if math.isnan(score) else score, bands[band],
            known, too_new, caps[cap], parts, today,
        )  # fmt: skip
