"""What became of customers, by the category of their answer, without crediting survivors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

import pandas as pd

from analytics.domain.customers.follow_up import (
    GROUPS,
    LANDMARK_DAYS,
    MIN_AT_RISK,
    MIN_CHURNED,
    PROMOTER,
    LeftOut,
    follow_up,
    left_out,
)
from analytics.domain.customers.group_tests import PairTest, log_rank_p_value, pair_tests
from analytics.domain.customers.revenue import known_mrr
from analytics.domain.statistics.interval import CONFIDENCE, quantile
from analytics.domain.statistics.survival import (
    Step,
    SurvivalPoint,
    kaplan_meier,
    log_log_interval,
    step_at,
)

UNKNOWN_WITHOUT_CHURN = (
    *("churned", "churn_rate", "churn_low", "churn_high"),
    *("relative_risk", "rr_low", "rr_high", "against_others"),
)


class Withheld(StrEnum):
    TOO_FEW_AT_RISK = "too_few_at_risk"
    HORIZON_NOT_REACHED = "horizon_not_reached"
    TOO_FEW_CHURNED = "too_few_churned"
    NEVER_TOLD = "never_told"


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    group: str
    customers: int
    # Within the horizon, so that it belongs to churn_rate; None where nobody knows who left.
    churned: int | None
    churn_rate: float | None
    churn_low: float | None
    churn_high: float | None
    relative_risk: float | None
    rr_low: float | None
    rr_high: float | None
    mrr_at_risk: float | None
    withheld: Withheld | None
    survival: tuple[SurvivalPoint, ...]
    # Where promoters give no reference: against all other customers followed.
    against_others: Risk | None = None


class Risk(NamedTuple):
    """How many times as often as the reference, with its interval."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outcomes:
    horizon_days: int
    landmark_days: int
    rows: tuple[OutcomeRow, ...]
    log_rank_p_value: float | None
    left_out: LeftOut
    # Those pairs of which enough is known; nothing where the groups together tell too little.
    pairs: tuple[PairTest, ...] = ()

    def row(self, group: str) -> OutcomeRow:
        return next(row for row in self.rows if row.group == group)


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    name: str
    rows: pd.DataFrame
    curve: Sequence[Step]
    # Of the curve, at the horizon.
    step: Step
    churned: int
    withheld: Withheld | None


def outcomes(
    customers: pd.DataFrame,
    *,
    last_known: date,
    horizon_days: int,
    confidence: float = CONFIDENCE,
) -> Outcomes:
    followed = follow_up(customers, last_known=last_known)
    groups = [
        _followed_group(name, rows=followed[followed["group"] == name], horizon_days=horizon_days)
        for name in GROUPS
    ]
    reference = next(group for group in groups if group.name == PROMOTER)
    rows = [_row(group, reference=reference, confidence=confidence) for group in groups]
    if reference.withheld:
        rows = [
            replace(row, against_others=_against_others(group, others, confidence=confidence))
            for row, group, others in zip(rows, groups, _others(groups, horizon_days), strict=True)
        ]
    return Outcomes(
        horizon_days,
        LANDMARK_DAYS,
        tuple(rows),
        log_rank_p_value(followed),
        left_out(customers, last_known=last_known),
        pair_tests(followed),
    )


def as_far_as_known(found: Outcomes, *, churn: bool, revenue: bool) -> Outcomes:
    """Without what was never imported: nobody who left, and nothing at risk, would be a figure."""
    rows = found.rows if churn else tuple(_never_told(row) for row in found.rows)
    if not revenue:
        rows = tuple(replace(row, mrr_at_risk=None) for row in rows)
    found = replace(found, rows=rows)
    return found if churn else replace(found, log_rank_p_value=None, pairs=())


def _never_told(row: OutcomeRow) -> OutcomeRow:
    unknown: dict[str, Any] = dict.fromkeys(UNKNOWN_WITHOUT_CHURN)
    return replace(row, **unknown, withheld=Withheld.NEVER_TOLD, survival=())


def relative_risk(step: Step, *, reference: Step, confidence: float = CONFIDENCE) -> Risk | None:
    """Risk over the reference's risk, with the interval of its logarithm by the delta method.

    Katz et al. 1978, with Greenwood's errors in place of the binomial ones.
    """
    risk, reference_risk = 1 - step.survival, 1 - reference.survival
    if risk <= 0 or reference_risk <= 0:
        return None
    error = math.hypot(step.standard_error / risk, reference.standard_error / reference_risk)
    factor = math.exp(quantile(confidence) * error)
    ratio = risk / reference_risk
    return Risk(ratio, ratio / factor, ratio * factor)


def _followed_group(name: str, *, rows: pd.DataFrame, horizon_days: int) -> _Group:
    curve = kaplan_meier(rows["days"], churned=rows["churned"])
    churned = int((rows["churned"] & (rows["days"] <= horizon_days)).sum())
    return _Group(
        name,
        rows,
        curve,
        step_at(curve, day=horizon_days),
        churned,
        _withheld(rows, churned=churned, horizon_days=horizon_days),
    )


def _withheld(rows: pd.DataFrame, *, churned: int, horizon_days: int) -> Withheld | None:
    """At risk are those whose whole horizon lies in the known past.

    Counting those still there at the horizon instead would withhold exactly the groups that lost
    most of their customers.
    """
    if len(rows) < MIN_AT_RISK:
        return Withheld.TOO_FEW_AT_RISK
    if (rows["observable_days"] >= horizon_days).sum() < MIN_AT_RISK:
        return Withheld.HORIZON_NOT_REACHED
    return Withheld.TOO_FEW_CHURNED if churned < MIN_CHURNED else None


def _row(group: _Group, *, reference: _Group, confidence: float) -> OutcomeRow:
    low, high = log_log_interval(group.step, confidence=confidence)
    ratio, rr_low, rr_high = _against_promoters(group, reference=reference, confidence=confidence)
    hidden = group.withheld is not None
    return OutcomeRow(
        group.name,
        customers=len(group.rows),
        churned=group.churned,
        churn_rate=None if hidden else 1 - group.step.survival,
        churn_low=None if hidden or high is None else 1 - high,
        churn_high=None if hidden or low is None else 1 - low,
        relative_risk=ratio,
        rr_low=rr_low,
        rr_high=rr_high,
        mrr_at_risk=known_mrr(group.rows.loc[~group.rows["churned"], "mrr"]),
        withheld=group.withheld,
        survival=_shown_curve(group, confidence=confidence),
    )


def _against_promoters(
    group: _Group, *, reference: _Group, confidence: float
) -> tuple[float | None, float | None, float | None]:
    """Promoters against themselves are 1 by definition, and have no interval."""
    if group.withheld or reference.withheld:
        return None, None, None
    if group.name == PROMOTER:
        return 1.0, None, None
    risk = relative_risk(group.step, reference=reference.step, confidence=confidence)
    return risk or (None, None, None)


def _others(groups: Sequence[_Group], horizon_days: int) -> list[_Group]:
    """For each group everybody else that was followed."""
    rest = [pd.concat([each.rows for each in groups if each is not group]) for group in groups]
    return [_followed_group("", rows=rows, horizon_days=horizon_days) for rows in rest]


def _against_others(group: _Group, others: _Group, *, confidence: float) -> Risk | None:
    if group.withheld or others.withheld:
        return None
    return relative_risk(group.step, reference=others.step, confidence=confidence)


def _shown_curve(group: _Group, *, confidence: float) -> tuple[SurvivalPoint, ...]:
    """From the landmark to the last day on which MIN_AT_RISK are left to tell.

    That day is a point of its own: after the last one left, the curve goes on as a line. Where too
    few left for a rate there is no curve either: it would show the rate that is withheld.
    """
    rows, curve = group.rows, group.curve
    if len(rows) < MIN_AT_RISK or group.churned < MIN_CHURNED:
        return ()
    points = [SurvivalPoint(0.0, 1.0, 1.0, 1.0, len(rows))]
    for step in curve:
        if step.at_risk >= MIN_AT_RISK:
            low, high = log_log_interval(step, confidence=confidence)
            points.append(SurvivalPoint(step.day, step.survival, low, high, step.at_risk))
    last_day = float(rows["days"].nlargest(MIN_AT_RISK).iloc[-1])
    if last_day > points[-1].day:
        at_risk = int((rows["days"] >= last_day).sum())
        points.append(points[-1]._replace(day=last_day, at_risk=at_risk))
    return tuple(points)
