"""What a formula would say of today's customers, before anybody is scored by it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from analytics.domain.health.facts.series import Values
from analytics.domain.health.formulas.formula import Formula, Measure
from analytics.labels import without_facts_text
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.health.formulas import Version, formulas_in_force
from analytics.queries.health.known import sources_without_facts
from analytics.queries.health.scores import DayScores, live_scores

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
PREVIEWED = 0


WIDTH, HEIGHT, BARS = 240, 60, 20


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Distribution:
    key: str
    # The share of the customers of which the measure is known.
    known: float | None
    quantiles: tuple[float | None, ...]
    # As a picture: bars of customers, and the knots as a line over them.
    bars: tuple[Bar, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Preview:
    name: str
    # The bands that the formula has, and no score.
    bands: tuple[str, ...]
    # By today's band, how many would be in each of them.
    changes: tuple[tuple[str, tuple[int, ...]], ...]
    measures: tuple[Distribution, ...]
    without_facts: tuple[str, ...]


@one_snapshot()
def preview(formula: Formula, *, today: dt.date) -> Preview:
    """Beside the other formulas in force, in its own place among them."""
    day = today - dt.timedelta(days=1)
    current = formulas_in_force()
    mine = Version(PREVIEWED, 0, formula)
    others = [each for each in current if each.name != formula.name]
    known = [each.name for each in current]
    place = known.index(formula.name) if formula.name in known else len(others)
    if formula.applies_to and formula.name not in known:
        place = sum(bool(each.formula.applies_to) for each in others)
    after = live_scores(day, versions=[*others[:place], mine, *others[place:]])
    before = live_scores(day, versions=current) if current else None
    return Preview(
        formula.name,
        (*(band.name for band in formula.bands), _no_score()),
        _changes(formula, before, after),
        _distributions(formula, after),
        without_facts(formula, today=today),
    )


def _no_score() -> str:
    return _("no score")


def _bands(found: DayScores, *, only: int | None = None) -> dict[int, str]:
    return {
        pk: part.version.formula.key_of_band(band) or _no_score()
        for part in found.parts
        if only is None or part.version.pk == only
        for pk, band in zip(part.customers.tolist(), part.scores.bands.tolist(), strict=True)
    }


def _changes(
    formula: Formula, before: DayScores | None, after: DayScores
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    now = _bands(before) if before else {}
    then = _bands(after, only=PREVIEWED)
    pairs = Counter((now.get(pk, _no_score()), band) for pk, band in then.items())
    columns = [*(band.name for band in formula.bands), _no_score()]
    rows = list(dict.fromkeys([*columns, *(old for old, _ in pairs)]))
    return tuple((row, tuple(pairs[row, column] for column in columns)) for row in rows)


def _distributions(formula: Formula, found: DayScores) -> tuple[Distribution, ...]:
    values = [part.scores.values for part in found.parts if part.version.pk == PREVIEWED]
    table = np.concatenate(values) if values else np.empty((0, len(formula.measures)))
    return tuple(
        _distribution(measure, table[:, place]) for place, measure in enumerate(formula.measures)
    )


def _distribution(measure: Measure, values: Values) -> Distribution:
    known = values[~np.isnan(values)]
    quantiles = np.quantile(known, QUANTILES).tolist() if len(known) else [None] * len(QUANTILES)
    share = len(known) / len(values) if len(values) else None
    knots = measure.knots
    low, high = _ends(known, knots or ())
    line = " ".join(
        f"{(x - low) / (high - low) * WIDTH:.1f},{HEIGHT * (1 - y / 100):.1f}"
        for x, y in knots or ()
    )
    bars = _bars(known, low, high)
    return Distribution(measure.key, share, tuple(quantiles), bars, line)


def _ends(known: Values, knots: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Of the picture: all knots, and all customers but one in a hundred at each end."""
    edges = np.quantile(known, [0.01, 0.99]).tolist() if len(known) else []
    values = [*edges, *(x for x, _points in knots)] or [0.0]
    low, high = min(values), max(values)
    return low, high if high > low else low + 1


def _bars(known: Values, low: float, high: float) -> tuple[Bar, ...]:
    if not len(known):
        return ()
    counts, _edges = np.histogram(np.clip(known, low, high), bins=BARS, range=(low, high))
    heights = np.round(counts / counts.max() * HEIGHT, 1).tolist()
    step = WIDTH / BARS
    return tuple(
        Bar(place * step + 1, round(HEIGHT - height, 1), height)
        for place, height in enumerate(heights)
    )


def without_facts(formula: Formula, *, today: dt.date) -> tuple[str, ...]:
    """A sentence for each of its sources that nothing is known of."""
    return tuple(map(without_facts_text, sources_without_facts(formula, today=today)))
