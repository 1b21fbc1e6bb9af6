"""Everybody's score on a day: as it was stored, else worked out now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from analytics.domain.health.day import score_day
from analytics.domain.health.formulas.formula import CapReason
from analytics.domain.health.scoring import Scores
from analytics.models import HealthFormula, HealthScore
from analytics.queries.database.columns import number_of_day
from analytics.queries.health.facts import read_facts
from analytics.queries.health.formulas import Version, version_of

COLUMNS = ("customer_id", "formula_id", "too_new", "capped_by", "parts", "scored_on")


@dataclass(frozen=True, eq=False)
class FormulaScores:
    """A row of the scores per customer."""

    version: Version
    # Primary keys.
    customers: NDArray[np.int64]
    scores: Scores


@dataclass(frozen=True, eq=False)
class DayScores:
    day: dt.date
    parts: tuple[FormulaScores, ...]
    # Whether it is what was stored for the day.
    stored: bool

    @property
    def versions(self) -> list[Version]:
        return [part.version for part in self.parts]


def stored_scores_on(day: dt.date, *, customers: Sequence[int] | None = None) -> DayScores | None:
    """Of all customers, or of some; None where nothing is stored."""
    rows = HealthScore.objects.filter(day=day)
    parts = stored_scores(rows if customers is None else rows.filter(customer__in=customers))
    return DayScores(day, parts, stored=True) if parts else None


def stored_days_of(pk: int, days: Collection[dt.date]) -> dict[dt.date, DayScores]:
    """One customer's, by day; of those days that have a stored one."""
    rows = HealthScore.objects.filter(customer=pk, day__in=days).values_list("day", *COLUMNS)
    found = {day: row for day, *row in rows}
    versions = _versions({row[1] for row in found.values()})
    return {
        day: DayScores(day, (_unpacked(versions[row[1]], [row]),), stored=True)
        for day, row in found.items()
    }


def scores_of_day(day: dt.date) -> dict[int, float]:
    """By customer, of those that have a stored one."""
    rows = HealthScore.objects.filter(day=day, score__isnull=False).order_by()
    return {
        pk: score for pk, score in rows.values_list("customer_id", "score") if score is not None
    }


def stored_of_customer(pk: int, *, until: dt.date, at_most: int) -> list[HealthScore]:
    """The newest first, with their formulas."""
    rows = HealthScore.objects.filter(customer=pk, day__lte=until).select_related("formula")
    return list(rows.defer("parts", "formula__definition").order_by("-day")[:at_most])


def live_scores(day: dt.date, *, versions: Sequence[Version]) -> DayScores:
    return next(live_scores_of([day], versions=versions))


def live_scores_of(days: Sequence[dt.date], *, versions: Sequence[Version]) -> Iterator[DayScores]:
    """By these formulas, from all that is known today of each day and the days before it."""
    formulas = [each.formula for each in versions]
    numbers = [number_of_day(day) for day in days]
    facts, customers = read_facts(formulas, first=min(numbers), last=max(numbers))
    for day, number in zip(days, numbers, strict=True):
        parts = tuple(
            FormulaScores(versions[part.place], customers.pks[part.customers], part.scores)
            for part in score_day(number, formulas=formulas, facts=facts)
        )
        yield DayScores(day, parts, stored=False)


def stored_scores(rows: QuerySet[HealthScore]) -> tuple[FormulaScores, ...]:
    by_formula: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows.order_by("customer_id", "day").values_list(*COLUMNS).iterator(chunk_size=5000):
        by_formula.setdefault(row[1], []).append(row)
    versions = _versions(by_formula)
    return tuple(_unpacked(each, by_formula[pk]) for pk, each in versions.items())


def _versions(formulas: Collection[int]) -> dict[int, Version]:
    return {row.pk: version_of(row) for row in HealthFormula.objects.filter(pk__in=formulas)}


def _unpacked(version: Version, rows: Sequence[Sequence[Any]]) -> FormulaScores:
    measures = len(version.formula.measures)
    numbers = np.frombuffer(b"".join(bytes(row[4]) for row in rows), dtype="<f8")
    numbers = numbers.reshape(len(rows), 2, measures)
    capped = {
        reason: np.array([row[3] == reason for row in rows], dtype=bool) for reason in CapReason
    }
    too_new = np.array([row[2] for row in rows], dtype=bool)
    scores = Scores(version.formula, numbers[:, 0], numbers[:, 1], too_new, capped)
    return FormulaScores(version, np.array([row[0] for row in rows], dtype=np.int64), scores)


def packed_parts(scores: Scores) -> list[bytes]:
    """Values, then points, of each customer: what `stored_scores` reads."""
    both = np.stack([scores.values, scores.points], axis=1).astype("<f8")
    return [row.tobytes() for row in both]
