"""NPS of counts alone: its interval, a difference, and how many answers it takes."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence

import numpy as np
from django.core.management.base import CommandError

from analytics.domain.answers.scores import COUNT_COLUMNS
from analytics.domain.statistics.interval import quantile, two_sided_p_value
from analytics.domain.statistics.nps import intervals as clusters
from analytics.domain.statistics.nps import methods, sample_size
from analytics.domain.statistics.nps.counts import POINTS, Counts, nps
from analytics.domain.statistics.nps.methods import Cells, Method, Mix
from analytics.domain.statistics.nps.score_interval import score_limits
from analytics.management.calculations.kind import (
    Figures,
    Kind,
    Options,
    add_confidence,
    confidence_from,
    fraction_from,
)


def _interval(options: Options) -> Figures:
    confidence, cells = confidence_from(options), _cells(options)
    if options["answers"] is None:
        sample = clusters.independent(_counts(options["counts"]))
        [found] = clusters.intervals([sample], confidence=confidence)
        figure = nps(sample.counts)
        low, high = found or (None, None)
    else:
        lost, neutral, won = cells
        limits = score_limits(lost, passives=neutral, promoters=won, confidence=confidence)
        low, high = (float(each[0]) for each in limits)
        figure = POINTS * float(cells.mean[0])
    figures: Figures = {"nps": figure, "nps_low": low, "nps_high": high}
    return figures | (_other_intervals(cells, confidence) if options["methods"] else {})


def _other_intervals(cells: Cells, confidence: float) -> Figures:
    if not cells.answers[0]:
        return {"variance": None, "standard_error": None}
    variance = float(cells.variance[0])
    error = (variance / float(cells.answers[0])) ** 0.5
    found: Figures = {
        "variance": variance,
        "standard_error": error,
        "standard_error_points": POINTS * error,
        "wald_margin": POINTS * quantile(confidence) * error,
    }
    for method in Method:
        if method is Method.TRINOMIAL_T and cells.answers[0] < 2:
            continue
        low, high = methods.limits_by(method, cells, confidence=confidence)
        found[str(method)] = {"low": float(low[0]), "high": float(high[0])}
    return found


def _change(options: Options) -> Figures:
    """The first group minus the second one."""
    confidence = confidence_from(options)
    one, other = (_counts(options["counts"][start : start + 3]) for start in (0, 3))
    found = clusters.change(
        clusters.independent(one),
        compared=clusters.Other(clusters.independent(other)),
        confidence=confidence,
    )
    names = ("nps_change", "change_low", "change_high", "change_p_value")
    figures: Figures = dict(zip(names, found or [None] * 4, strict=True))
    if options["methods"] and found:
        figures |= {
            str(method): _difference(method, one, other, confidence)
            for method in (Method.WALD, Method.ADJUSTED_WALD)
        }
    return figures


def _difference(method: Method, one: Counts, other: Counts, confidence: float) -> Figures:
    mine, theirs = (
        _cells_of([getattr(each, name) for name in COUNT_COLUMNS]) for each in (one, other)
    )
    difference, error = (float(each[0]) for each in methods.difference_by(method, mine, theirs))
    reach = quantile(confidence) * error
    return {
        "low": POINTS * (difference - reach),
        "high": POINTS * (difference + reach),
        "p_value": two_sided_p_value(difference / error) if error else None,
    }


def _sample_size(options: Options) -> Figures:
    confidence, points = confidence_from(options), options["points"]
    power = fraction_from("--power", options["power"])
    if points <= 0:
        raise CommandError("--points is more than 0; write 10.")
    spread = sample_size.variance(_counts(options["counts"]))
    return {
        "points": points,
        "variance": spread,
        "answers_for_margin": sample_size.answers_for_margin(
            points, spread=spread, confidence=confidence
        ),
        "answers_per_group_for_difference": sample_size.answers_for_difference(
            points, spreads=(spread, spread), confidence=confidence, power=power
        ),
    }


def mix_of(shares: Sequence[float]) -> Mix:
    if min(shares) < 0 or not 0 < sum(shares) < float("inf"):
        raise CommandError("Shares of detractors, passives and promoters are 0 or more: 15 30 55.")
    return Mix(*(each / sum(shares) for each in shares))


def _counts(numbers: Sequence[float]) -> Counts:
    if any(each < 0 or not float(each).is_integer() for each in numbers):
        raise CommandError(
            "Counts of detractors, passives and promoters are whole numbers, 0 or more."
        )
    return Counts(**dict(zip(COUNT_COLUMNS, map(int, numbers), strict=True)))


def _cells(options: Options) -> Cells:
    numbers, answers = options["counts"], options["answers"]
    if answers is None:
        _counts(numbers)
        return _cells_of(numbers)
    if answers <= 0:
        raise CommandError(f"--answers: {answers:g}; write how many answered, such as 324.")
    return _cells_of([each * answers for each in mix_of(numbers)])


def _cells_of(numbers: Sequence[float]) -> Cells:
    return Cells(*(np.array([float(each)]) for each in numbers))


def _add_counts(parser: ArgumentParser, *, groups: int = 1) -> None:
    parser.add_argument(
        "counts",
        nargs=3 * groups,
        type=float,
        metavar="N",
        help="detractors, passives, promoters" + ("; then those of the other group" * (groups - 1)),
    )
    add_confidence(parser)


def _add_methods(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--methods", action="store_true", help="the other published formulas, too, for comparison"
    )


def _interval_arguments(parser: ArgumentParser) -> None:
    _add_counts(parser)
    _add_methods(parser)
    parser.add_argument(
        "--answers", type=float, metavar="N", help="the three numbers are shares of so many answers"
    )


def _change_arguments(parser: ArgumentParser) -> None:
    _add_counts(parser, groups=2)
    _add_methods(parser)


def _sample_size_arguments(parser: ArgumentParser) -> None:
    _add_counts(parser)
    parser.add_argument("--points", type=float, default=10.0, help="of NPS; 10 unless said")
    parser.add_argument(
        "--power", type=float, default=sample_size.POWER, help="how often it should be seen; 0.8"
    )


KINDS = (
    Kind(
        "interval",
        "NPS and its interval, of counts",
        "nps_low to nps_high is the score interval (Tango) that the reports show where every "
        "answer is of another customer.",
        "manage.py calculate interval 10 20 30",
        _interval,
        add_arguments=_interval_arguments,
    ),
    Kind(
        "change",
        "the difference of two NPS, the first minus the second",
        "Limits by MOVER, p value by the adjusted Wald: as the reports say whether NPS rose.",
        "manage.py calculate change 10 20 30 20 20 20",
        _change,
        add_arguments=_change_arguments,
    ),
    Kind(
        "sample_size",
        "how many answers it takes",
        "For an NPS known to so many points to each side, and to see such a difference between "
        "two groups, where answers are mixed as given (0 0 0: the worst case).",
        "manage.py calculate sample_size 15 30 55 --points 10",
        _sample_size,
        add_arguments=_sample_size_arguments,
    ),
)
