"""Everybody's health on a day, as it was said then or can be worked out now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from analytics.charts.drawing import Chart
from analytics.domain.health.parts import Part
from analytics.domain.health.scoring import Scores
from analytics.domain.periods import Period
from analytics.queries.customers.money import Money, money_of
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.health.formulas import Version, formulas_in_force
from analytics.queries.health.frozen import frozen_scores
from analytics.queries.health.identities import Identity, identities
from analytics.queries.health.scores import (
    DayScores,
    FormulaScores,
    live_scores,
    stored_scores_on,
)
from analytics.queries.health.standing import last_scored_day
from analytics.reports.health.errors import NoFormulaError
from analytics.reports.report import Column, Kind, Table

COLUMNS = (
    Column("customer_id"),
    Column("name"),
    Column("score", Kind.NPS),
    Column("band"),
    Column("touch", Kind.CODE),
    Column("known_share", Kind.PERCENT),
    Column("formula"),
    Column("version", Kind.COUNT),
    Column("capped_by", Kind.CODE),
    Column("state", Kind.CODE),
)

# What may stand beside them, by the names that one sorts by.
BESIDE: Mapping[str, Column] = {
    "change": Column("change_28_days", Kind.NPS),
    "mrr": Column("mrr", Kind.MONEY),
    "renews": Column("renews_on", Kind.DATE),
    "owner": Column("owner"),
    "contact": Column("last_contact_on", Kind.DATE),
    "answered": Column("last_answer_on", Kind.DATE),
}


@dataclass(frozen=True, slots=True, eq=False)
class CustomerHealth:
    pk: int
    identity: Identity
    version: Version
    # None: too new, or not enough is known; `state` says which.
    score: float | None
    uncapped: float | None
    band: str | None
    touch: str | None
    known_share: float
    capped_by: str | None
    # scored, too_new, not_enough_data or churned (the score of the day before).
    state: str
    parts: tuple[Part, ...]

    @property
    def customer_id(self) -> str:
        return self.identity.customer_id

    @property
    def name(self) -> str:
        return self.identity.name

    def row(self) -> list[Any]:
        return [
            self.customer_id, self.name, self.score, self.band, self.touch, self.known_share,
            self.version.name, self.version.version, self.capped_by, self.state,
        ]  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {
            "customer_id": self.customer_id,
            "score": self.score,
            "band": self.band,
            "touch": self.touch,
            "known_share": self.known_share,
            "formula": self.version.name,
            "version": self.version.version,
            "capped_by": self.capped_by,
            "parts": [_part_dict(each) for each in self.parts],
            "state": self.state,
            "uncapped": self.uncapped,
            **({"segment": dict(self.identity.segment)} if self.identity.segment else {}),
        }


@dataclass(frozen=True, slots=True, eq=False)
class HealthReport:
    name: ClassVar[str] = "health"

    day: dt.date
    customers: tuple[CustomerHealth, ...]
    # Whether it is what was stored for the day.
    stored: bool
    # The page has MRR beside the scores.
    money: Money
    # Further columns by name, each by customer; `beside.py` has them.
    beside: Mapping[str, Mapping[int, Any]] = field(default_factory=dict)

    @property
    def versions(self) -> list[Version]:
        """Each once, as they occur."""
        return list({row.version.pk: row.version for row in self.customers}.values())

    def only(self, wanted: Callable[[CustomerHealth], bool]) -> HealthReport:
        return replace(self, customers=tuple(filter(wanted, self.customers)))

    @property
    def period(self) -> Period:
        return Period.from_inclusive(self.day, self.day)

    @property
    def file_name(self) -> str:
        return f"health-{self.day}"

    def charts(self, *, today: dt.date) -> list[Chart]:
        return []

    def tables(self) -> list[Table]:
        columns = [*COLUMNS, *(BESIDE[name] for name in self.beside)]
        rows = [
            [*each.row(), *(values.get(each.pk) for values in self.beside.values())]
            for each in self.customers
        ]
        return [Table(self.name, columns, rows)]

    def as_dict(self) -> dict[str, Any]:
        return {
            "on": self.day.isoformat(),
            "customers": [each.as_dict() for each in self.customers],
        }


@one_snapshot()
def health_report(
    day: dt.date | None, *, today: dt.date, by: tuple[str, ...] = (), with_churned: bool = True
) -> HealthReport:
    """Of the day; of the last scored one where none is named. A NoFormulaError."""
    day = day or last_scored_day(until=today) or today - dt.timedelta(days=1)
    found = day_scores(day)
    churned = frozen_scores(found) if with_churned else ()
    known = identities(day, by=by)
    rows = [
        *_rows(found.parts, known, is_churned=False),
        *_rows(churned, known, is_churned=True),
    ]
    rows.sort(key=lambda row: row.customer_id)
    return HealthReport(day, tuple(rows), found.stored, money_of(Period.from_inclusive(day, day)))


def day_scores(day: dt.date) -> DayScores:
    """As stored; else by the formulas in force, or a NoFormulaError where none is."""
    stored = stored_scores_on(day)
    if stored is not None:
        return stored
    versions = formulas_in_force()
    if not versions:
        raise NoFormulaError
    return live_scores(day, versions=versions)


def _rows(
    parts: tuple[FormulaScores, ...], known: Mapping[int, Identity], *, is_churned: bool
) -> Iterator[CustomerHealth]:
    for part in parts:
        for place, pk in enumerate(part.customers.tolist()):
            if pk in known:
                yield customer_health(part, place, identity=known[pk], is_churned=is_churned)


def customer_health(
    part: FormulaScores, place: int, *, identity: Identity, is_churned: bool = False
) -> CustomerHealth:
    scores, formula = part.scores, part.version.formula
    score = _number(scores.score[place])
    band = formula.bands[scores.bands[place]] if scores.bands[place] >= 0 else None
    cap = scores.caps[place]
    return CustomerHealth(
        pk=int(part.customers[place]),
        identity=identity,
        version=part.version,
        score=score,
        uncapped=_number(scores.uncapped[place]),
        band=band.name if band else None,
        touch=str(band.touch) if band and band.touch else None,
        known_share=float(scores.known_share[place]),
        capped_by=str(formula.caps[cap].when) if cap >= 0 else None,
        state=_state(scores, place, is_churned=is_churned),
        parts=parts_of(scores, place),
    )


def _state(scores: Scores, place: int, *, is_churned: bool) -> str:
    if is_churned:
        return "churned"
    if scores.too_new[place]:
        return "too_new"
    return "not_enough_data" if np.isnan(scores.score[place]) else "scored"


def parts_of(scores: Scores, place: int) -> tuple[Part, ...]:
    columns = (
        scores.values[place].tolist(),
        scores.points[place].tolist(),
        scores.weights[place].tolist(),
        scores.contributions[place].tolist(),
    )
    keys = [each.key for each in scores.formula.measures]
    return tuple(
        Part(key, _number(value), _number(points), weight, contribution)
        for key, value, points, weight, contribution in zip(keys, *columns, strict=True)
    )


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def _part_dict(part: Part) -> dict[str, Any]:
    return {
        "key": part.key,
        "value": part.value,
        "points": part.points,
        "weight": part.weight,
        "contribution": part.contribution,
    }
