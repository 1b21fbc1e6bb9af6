from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from analytics.domain.answers.samples import grouped_answers
from analytics.domain.answers.scores import CATEGORY_COUNTS, COUNT_COLUMNS
from analytics.domain.statistics import multiplicity, sample_size
from analytics.domain.statistics.interval import CONFIDENCE
from analytics.domain.statistics.nps.counts import POINTS, Counts, nps
from analytics.domain.statistics.nps.intervals import Other, change, independent, intervals
from analytics.domain.statistics.stratified import Stratum, stratified
from analytics.domain.statistics.weighted import weighted_means
from surveys.domain.answers.scoring import SCORES

FILES = {
    "weighted": ("score", "weight"),
    "clustered": ("score", "customer"),
    "stratified": ("score", "stratum", "share"),
}
Answers = Sequence[dict[str, str]]


class Command(BaseCommand):
    help = "The statistics of the reports on figures of your own, as JSON."

    def add_arguments(self, parser: Any) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        for kind, groups in (("interval", 1), ("change", 2), ("sample_size", 1)):
            found = kinds.add_parser(kind)
            found.add_argument(
                "counts", nargs=3 * groups, type=int, help="detractors, passives, promoters"
            )
            found.add_argument("--confidence", type=float, default=CONFIDENCE)
            if kind == "sample_size":
                found.add_argument("--points", type=float, default=10.0)
                found.add_argument("--power", type=float, default=sample_size.POWER)
        kinds.add_parser("adjust").add_argument("p_values", nargs="+", type=float)
        for kind, columns in FILES.items():
            text = f"CSV with the columns {', '.join(columns)}"
            kinds.add_parser(kind).add_argument("file", type=Path, help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        if (
            not 0 < options.get("confidence", CONFIDENCE) < 1
            or not 0 < options.get("power", 0.5) < 1
        ):
            raise CommandError("--confidence and --power lie between 0 and 1; write 0.95.")
        if min(options.get("counts", [0])) < 0 or options.get("points", 1) <= 0:
            raise CommandError("Counts are 0 or more, and --points more than 0.")
        found = _CALCULATIONS[options["kind"]](options)
        self.stdout.write(json.dumps(found, indent=2, allow_nan=False))


def _interval(options: dict[str, Any]) -> dict[str, Any]:
    sample = independent(_counts(options["counts"]))
    [found] = intervals([sample], confidence=options["confidence"])
    low, high = found or (None, None)
    return {"nps": nps(sample.counts), "nps_low": low, "nps_high": high}


def _change(options: dict[str, Any]) -> dict[str, Any]:
    """The first group minus the second one."""
    one, other = options["counts"][:3], options["counts"][3:]
    found = change(
        independent(_counts(one)),
        compared=Other(independent(_counts(other))),
        confidence=options["confidence"],
    )
    names = ("nps_change", "change_low", "change_high", "change_p_value")
    return dict(zip(names, found or [None] * 4, strict=True))


def _sample_size(options: dict[str, Any]) -> dict[str, Any]:
    spread, points = sample_size.variance(_counts(options["counts"])), options["points"]
    confidence = options["confidence"]
    return {
        "points": points,
        "variance": spread,
        "answers_for_margin": sample_size.answers_for_margin(
            points, spread=spread, confidence=confidence
        ),
        "answers_per_group_for_difference": sample_size.answers_for_difference(
            points, spreads=(spread, spread), confidence=confidence, power=options["power"]
        ),
    }


def _adjust(options: dict[str, Any]) -> dict[str, Any]:
    p_values = options["p_values"]
    if not all(0 <= each <= 1 for each in p_values):
        raise CommandError("A p value lies between 0 and 1.")
    return {
        "benjamini_hochberg": multiplicity.benjamini_hochberg(p_values)._asdict(),
        "holm": multiplicity.holm(p_values)._asdict(),
    }


def _weighted(options: dict[str, Any]) -> dict[str, Any]:
    rows = _rows(options)
    values = _values(rows)
    found = weighted_means(
        np.zeros(len(rows), dtype=np.int64), values=values, weights=_numbers(rows, "weight"), size=1
    )
    return {
        "nps": _points(values.mean()),
        "weighted_nps": _points(found.mean[0]),
        "low": _points(found.low[0]),
        "high": _points(found.high[0]),
        "standard_error": _points(found.error[0]),
        "n_effective": _known(found.kish[0]),
    }


def _clustered(options: dict[str, Any]) -> dict[str, Any]:
    rows = _rows(options)
    [sample] = _samples(rows, groups=[""] * len(rows), customers=[row["customer"] for row in rows])
    [limits] = intervals([sample])
    answers, customers = sample.counts.responses, sample.customers
    spread = sample_size.variance(sample.counts)
    return {
        "nps": nps(sample.counts),
        "nps_low": limits and limits.low,
        "nps_high": limits and limits.high,
        "standard_error": _points(math.sqrt(sample.spread * customers / (customers - 1)))
        if customers > 1
        else None,
        "standard_error_independent": _points(math.sqrt(spread / (answers - 1)))
        if answers > 1
        else None,
        "design_effect": sample.design_effect,
        "n_effective": sample.n_effective(),
    }


def _stratified(options: dict[str, Any]) -> dict[str, Any]:
    """The shares are scaled to 1."""
    rows = _rows(options)
    shares = dict(zip((row["stratum"] for row in rows), _numbers(rows, "share"), strict=True))
    groups = [row["stratum"] for row in rows]
    samples = _samples(rows, groups=groups, customers=[str(place) for place in range(len(rows))])
    whole = sum(shares.values())
    strata = [
        Stratum(share / whole, sample)
        for share, sample in zip(shares.values(), samples, strict=True)
    ]
    found = stratified(strata, shared={})
    low, high = (found and found.interval) or (None, None)
    figures = {"nps": found and found.nps, "nps_low": low, "nps_high": high}
    return figures | {"n_effective": found and found.n_effective}


_CALCULATIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "interval": _interval,
    "change": _change,
    "sample_size": _sample_size,
    "adjust": _adjust,
    "weighted": _weighted,
    "clustered": _clustered,
    "stratified": _stratified,
}


def _counts(numbers: Sequence[int]) -> Counts:
    return Counts(**dict(zip(COUNT_COLUMNS, numbers, strict=True)))


def _rows(options: dict[str, Any]) -> Answers:
    try:
        with options["file"].open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{options['file']}: {error}") from error
    wanted = FILES[options["kind"]]
    if not rows or not set(wanted) <= rows[0].keys():
        raise CommandError(f"{options['file']}: the columns {', '.join(wanted)} and a row, please.")
    return rows


def _numbers(rows: Answers, name: str) -> Any:
    try:
        found = np.array([float(row[name]) for row in rows])
    except (TypeError, ValueError) as error:
        raise CommandError(f"{name}: {error}") from error
    if not (np.isfinite(found) & (found >= 0)).all():
        raise CommandError(f"{name}: a number of 0 or more, please.")
    return found


def _scores(rows: Answers) -> Any:
    found = _numbers(rows, "score")
    if not np.isin(found, SCORES).all():
        raise CommandError("score: a whole number from 0 to 10, please.")
    return found.astype(np.int64)


def _values(rows: Answers) -> Any:
    scores = _scores(rows)
    values = CATEGORY_COUNTS["promoters"] - CATEGORY_COUNTS["detractors"]
    return values[scores].astype(np.float64)


def _samples(rows: Answers, *, groups: Sequence[str], customers: Sequence[str]) -> Any:
    scores = _scores(rows)
    places = {name: place for place, name in enumerate(dict.fromkeys(groups))}
    # 0 is nobody that is known.
    numbers = {name: place for place, name in enumerate(dict.fromkeys(customers), start=1)}
    return grouped_answers(
        np.array([places[each] for each in groups], dtype=np.int64),
        np.array([numbers[each] if each else 0 for each in customers], dtype=np.int64),
        {name: CATEGORY_COUNTS[name][scores] for name in COUNT_COLUMNS},
        size=len(places),
    ).samples()


def _points(value: float) -> float | None:
    return _known(POINTS * value)


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
