"""How long members of groups stay: Kaplan-Meier, and whether the groups differ."""

from __future__ import annotations

import math
from argparse import ArgumentParser
from collections.abc import Mapping

from django.core.management.base import CommandError

from analytics.domain.customers.outcomes import relative_risk
from analytics.domain.statistics.interval import quantile
from analytics.domain.statistics.log_rank import LogRank, log_rank, pairwise
from analytics.domain.statistics.survival import (
    Mean,
    Step,
    kaplan_meier,
    log_log_interval,
    median,
    restricted_mean,
    step_at,
)
from analytics.management.calculations.answers import GROUP, add_file
from analytics.management.calculations.inputs.tables import COUNT, Column
from analytics.management.calculations.inputs.values import amount, flag
from analytics.management.calculations.kind import (
    Figures,
    Kind,
    Options,
    add_confidence,
    confidence_from,
    table_of,
)

DAYS = Column("days", amount, "how long the member was followed, in days or any other unit")
CHURNED = Column("churned", flag, "1 where it left then, 0 where it was still there when last seen")
FollowUps = Mapping[str, tuple[list[float], list[bool]]]


def _survival(options: Options) -> Figures:
    confidence = confidence_from(options)
    groups = _grouped(options)
    horizon = options["horizon"] or max(max(days) for days, _ in groups.values())
    if horizon <= 0:
        raise CommandError("--horizon is more than 0; write 180.")
    curves = {name: kaplan_meier(days, churned=gone) for name, (days, gone) in groups.items()}
    reference = next(iter(groups))
    return {
        "horizon": horizon,
        "groups": {
            name: _group_figures(groups[name], curve, horizon, confidence)
            | _against(curve, curves[reference], horizon, confidence)
            for name, curve in curves.items()
        },
        "log_rank": _test_figures(log_rank(list(groups.values()))),
        "peto_peto": _test_figures(log_rank(list(groups.values()), rho=1)),
        "pairs": _pairs(groups),
    }


def _grouped(options: Options) -> FollowUps:
    found: dict[str, tuple[list[float], list[bool]]] = {}
    for row in table_of(options, DAYS, CHURNED, GROUP).rows:
        days, churned = found.setdefault(row["group"], ([], []))
        days.append(row["days"])
        churned.append(row["churned"])
    return found


def _group_figures(
    followed: tuple[list[float], list[bool]],
    curve: list[Step],
    horizon: float,
    confidence: float,
) -> Figures:
    step = step_at(curve, day=horizon)
    low, high = log_log_interval(step, confidence=confidence)
    mean = restricted_mean(curve, horizon=horizon)
    return {
        "members": len(followed[0]),
        "churned": sum(followed[1]),
        "median": median(curve),
        "survival": step.survival,
        "standard_error": step.standard_error,
        "survival_low": low,
        "survival_high": high,
        **_mean_figures("restricted_mean", mean, confidence),
        "curve": [_step_figures(each, confidence) for each in curve],
    }


def _step_figures(step: Step, confidence: float) -> Figures:
    low, high = log_log_interval(step, confidence=confidence)
    return {
        "day": step.day,
        "survival": step.survival,
        "standard_error": step.standard_error,
        "low": low,
        "high": high,
        "at_risk": step.at_risk,
        "churned": step.lost,
    }


def _against(
    curve: list[Step], reference: list[Step], horizon: float, confidence: float
) -> Figures:
    """Against the first group of the table; nothing for that one itself."""
    if curve is reference:
        return {}
    risk = relative_risk(
        step_at(curve, day=horizon),
        reference=step_at(reference, day=horizon),
        confidence=confidence,
    )
    mine, theirs = (restricted_mean(each, horizon=horizon) for each in (curve, reference))
    error = math.hypot(mine.standard_error, theirs.standard_error)
    difference = Mean(mine.days - theirs.days, error)
    ratio, low, high = risk or (None, None, None)
    return {
        "relative_risk": ratio,
        "rr_low": low,
        "rr_high": high,
        **_mean_figures("restricted_mean_difference", difference, confidence),
    }


def _mean_figures(name: str, mean: Mean, confidence: float) -> Figures:
    reach = quantile(confidence) * mean.standard_error
    return {
        name: mean.days,
        f"{name}_standard_error": mean.standard_error,
        f"{name}_low": mean.days - reach,
        f"{name}_high": mean.days + reach,
    }


def _test_figures(test: LogRank | None) -> Figures | None:
    return None if test is None else test._asdict()


def _pairs(groups: FollowUps) -> list[Figures]:
    names = list(groups)
    return [
        {
            "group": names[pair.one],
            "against": names[pair.other],
            "p_value": pair.p_value,
            "p_adjusted": pair.adjusted,
            "significant": pair.significant,
        }
        for pair in pairwise(list(groups.values()))
    ]


def _arguments(parser: ArgumentParser) -> None:
    add_file(parser)
    parser.add_argument(
        "--horizon", type=float, metavar="DAYS", help="of the rates; the longest follow-up"
    )
    add_confidence(parser)


KINDS = (
    Kind(
        "survival",
        "how long customers stay, by group, and whether the groups differ",
        "Kaplan-Meier with Greenwood's error and log-log limits; risk and mean within the horizon "
        "against the first group; log-rank over all, and pair by pair corrected by Holm.",
        "manage.py calculate survival followed.csv --horizon 180   (days,churned,group)",
        _survival,
        columns=(DAYS, CHURNED, GROUP, COUNT),
        add_arguments=_arguments,
    ),
)
