"""What goes along with the score, of a table of answers or of a published correlation matrix."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.core.management.base import CommandError

from analytics.domain.answers.drivers import (
    Driver,
    Drivers,
    DriversRefused,
    drivers_of_answers,
    drivers_of_correlations,
)
from analytics.domain.statistics.interval import Floats
from analytics.management.calculations.answers import SCORE, add_file
from analytics.management.calculations.inputs.tables import COUNT, Column, header_of, read_json
from analytics.management.calculations.inputs.values import number
from analytics.management.calculations.kind import (
    Figures,
    Kind,
    Options,
    add_confidence,
    confidence_from,
    table_of,
)

# The same answers give the same intervals.
SEED = 20_261_129
_SLACK = 1e-9


def _drivers(options: Options) -> Figures:
    found = read_json(options["file"])
    try:
        if isinstance(found, dict):
            return _figures(_of_matrix(options["file"], found), left_out=0)
        return _of_answers(options)
    except DriversRefused as error:
        raise CommandError(f"{options['file']}: {error}") from error


def _of_answers(options: Options) -> Figures:
    """Answers without one of the ratings are left out, and counted."""
    names = _names(options)
    columns = [Column(name, number, "", default=None) for name in names]
    rows = table_of(options, SCORE, *columns).rows
    whole = [row for row in rows if all(row[name] is not None for name in names)]
    found = drivers_of_answers(
        np.array([row["score"] for row in whole], dtype=np.float64),
        ratings=np.array([[row[name] for name in names] for row in whole], dtype=np.float64),
        names=names,
        rng=np.random.default_rng(SEED),
        confidence=confidence_from(options),
    )
    return _figures(found, left_out=len(rows) - len(whole))


def _names(options: Options) -> Sequence[str]:
    if options["drivers"]:
        return [each.strip().lower() for each in options["drivers"].split(",") if each.strip()]
    return [each for each in header_of(options["file"]) if each not in ("", "score", "count")]


def _of_matrix(source: str, found: dict[str, Any]) -> Drivers:
    names, answers, matrix = (found.get(name) for name in ("names", "answers", "correlations"))
    if not isinstance(names, list) or not isinstance(answers, int):
        raise CommandError(
            f'{source}: write {{"answers": 1000, "names": ["price", "support"], "correlations": '
            "[[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]]}; the score comes first in them."
        )
    drivers = drivers_of_correlations(
        _matrix(source, matrix, size=len(names) + 1),
        answers=answers,
        names=[str(each) for each in names],
    )
    return Drivers(answers, sum(each.shapley for each in drivers), drivers)


def _matrix(source: str, given: Any, *, size: int) -> Floats:
    try:
        matrix = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        matrix = np.empty(0)
    if matrix.shape != (size, size) or not np.isfinite(matrix).all():
        raise CommandError(f"{source}: correlations: write {size} rows of {size} numbers.")
    if np.abs(matrix - matrix.T).max() > _SLACK or np.abs(np.diag(matrix) - 1).max() > _SLACK:
        raise CommandError(f"{source}: correlations: mirrored at the diagonal, which is 1.")
    if np.linalg.eigvalsh(matrix).min() < -_SLACK:
        raise CommandError(f"{source}: correlations: no answers can have these together.")
    return matrix


def _figures(found: Drivers, *, left_out: int) -> Figures:
    return {
        "answers": found.answers,
        "left_out": left_out,
        "r_squared": found.r_squared,
        "drivers": [_driver_figures(each, found.r_squared) for each in found.drivers],
    }


def _driver_figures(driver: Driver, r_squared: float) -> Figures:
    low, high = driver.interval or (None, None)
    return {
        "driver": driver.name,
        "shapley": driver.shapley,
        "shapley_low": low,
        "shapley_high": high,
        "share": driver.shapley / r_squared if r_squared else None,
        "relative_weight": driver.relative_weight,
        "correlation": driver.correlation,
        "mean": driver.mean,
    }


def _arguments(parser: ArgumentParser) -> None:
    add_file(parser)
    parser.add_argument(
        "--drivers", metavar="NAME,NAME", help="which columns; all besides score unless said"
    )
    add_confidence(parser)


KINDS = (
    Kind(
        "drivers",
        "what goes along with the score, and how much of it",
        "shapley: the part of R squared (how much of the score's differences the drivers tell) "
        "that each driver can be credited with; share: of 1. It does not say what causes what. "
        "Refused under 100 answers or 10 per driver, and for more than 10 drivers. FILE may also "
        'be JSON with "answers", "names" and "correlations" (the score first).',
        "manage.py calculate drivers answers.csv --drivers price,support",
        _drivers,
        columns=(SCORE, Column("...", number, "a rating or measure per driver"), COUNT),
        add_arguments=_arguments,
    ),
)
