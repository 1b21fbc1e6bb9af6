"""Does the health score come before lost customers, and better than one of its own parts?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.db.models import Min
from django.utils.translation import gettext as _

from accounts.models import Customer
from analytics.charts.drawing import Chart
from analytics.charts.health import auc_alt, auc_chart, rates_alt, rates_chart
from analytics.domain.health.evidence.observations import (
    RAW,
    Observations,
    observation_days,
    observe,
)
from analytics.domain.health.evidence.proof import (
    Draft,
    GroupRate,
    Predictor,
    Proof,
    are_too_few,
    prove,
)
from analytics.domain.health.evidence.proof import band_rates as rates_of_bands
from analytics.domain.health.formulas.formula import Formula
from analytics.domain.periods import Period
from analytics.labels import too_few_lost_text
from analytics.labels.measures import predictor_labels
from analytics.queries.customers.outcomes import last_known_day
from analytics.queries.database.clock import day_of
from analytics.queries.database.columns import number_of_day
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.health.facts import read_facts
from analytics.queries.health.formulas import Version, formulas_in_force
from analytics.reports.report import Column, Kind, Table, dated

EVERY_DAYS = 28
HORIZON_DAYS = 90
PREDICTOR_COLUMNS = (
    Column("predictor", Kind.CODE),
    Column("observations", Kind.COUNT),
    Column("auc", Kind.RATIO),
    Column("auc_low", Kind.RATIO),
    Column("auc_high", Kind.RATIO),
)
BAND_COLUMNS = (
    Column("band"),
    Column("observations", Kind.COUNT),
    Column("churn_rate", Kind.PERCENT),
    Column("churn_low", Kind.PERCENT),
    Column("churn_high", Kind.PERCENT),
)
TENTH_COLUMNS = (Column("tenth", Kind.COUNT), *BAND_COLUMNS[1:])


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceReport:
    name: ClassVar[str] = "health_evidence"

    period: Period
    horizon_days: int
    every_days: int
    last_known: dt.date
    proof: Proof
    versions: tuple[Version, ...]
    # Since when Koe knows of customers: earlier days were told of by later files.
    known_since: dt.date | None

    @property
    def labels(self) -> dict[str, str]:
        """What readers call the predictors."""
        return predictor_labels(each.formula for each in self.versions)

    @property
    def is_history(self) -> bool:
        """Whether facts of the observation days arrived after them."""
        return self.known_since is not None and self.period.start < self.known_since

    @property
    def withheld(self) -> str | None:
        return too_few_lost_text(self.proof) if self.proof.withheld else None

    @property
    def file_name(self) -> str:
        return dated("health-evidence", self.period)

    def charts(self, *, today: dt.date) -> list[Chart]:
        found, labels = self.proof, self.labels
        return [
            Chart(
                "predictors",
                _("Does the score rank those who leave better than its parts do?"),
                draw=partial(auc_chart, found.predictors, labels=labels),
                alt=partial(auc_alt, found.predictors, labels=labels),
            ),
            Chart(
                "calibration",
                _("Do more leave where the score is lower?"),
                draw=partial(rates_chart, found.tenths),
                alt=partial(rates_alt, found.tenths),
            ),
        ]

    def tables(self) -> list[Table]:
        found = self.proof
        return [
            Table("predictors", PREDICTOR_COLUMNS, [_predictor_row(p) for p in found.predictors]),
            Table("bands", BAND_COLUMNS, [_rate_row(each) for each in found.bands]),
            Table(
                "tenths",
                TENTH_COLUMNS,
                [[int(each.name), *_rate_row(each)[1:]] for each in found.tenths],
            ),
        ]

    def as_dict(self) -> dict[str, Any]:
        found = self.proof
        return {
            "horizon_days": self.horizon_days,
            "every_days": self.every_days,
            "days": found.days,
            "customers": found.customers,
            "observations": found.observations,
            "churned": found.churned,
            "withheld": self.withheld,
            "predictors": [_predictor_dict(each) for each in found.predictors],
            "bands": [_rate_dict(each, key="band") for each in found.bands],
            "recall_worst_tenth": found.recall_worst_tenth,
            "lift_worst_tenth": found.lift_worst_tenth,
            **self._beyond_the_contract(),
        }

    def _beyond_the_contract(self) -> dict[str, Any]:
        found = self.proof
        return {
            "churned_customers": found.churned_customers,
            "left_out": found.left_out,
            "last_known": self.last_known.isoformat(),
            "imported_history": self.is_history,
            "tenths": [_rate_dict(each, key="tenth") for each in found.tenths],
            "drafts": [_draft_dict(each) for each in found.drafts],
        }


@one_snapshot()
def evidence_report(
    period: Period,
    *,
    horizon_days: int = HORIZON_DAYS,
    every_days: int = EVERY_DAYS,
    today: dt.date,
) -> EvidenceReport:
    """By the formulas in force, from the facts of each observation day.

    Without a formula only what stands beside the score is judged.
    """
    found = _observed(period, horizon_days=horizon_days, every_days=every_days, today=today)
    proof = prove(
        found.rows,
        formulas=found.formulas,
        customers=found.number_of_customers,
        left_out=found.left_out,
    )
    return EvidenceReport(
        period,
        horizon_days,
        every_days,
        found.last_known,
        proof,
        tuple(found.versions),
        _known_since(),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Observed:
    versions: list[Version]
    last_known: dt.date
    number_of_customers: int
    rows: Observations
    left_out: int

    @property
    def formulas(self) -> list[Formula]:
        return [each.formula for each in self.versions]


def _observed(period: Period, *, horizon_days: int, every_days: int, today: dt.date) -> _Observed:
    versions = formulas_in_force()
    last_known = last_known_day(today=today)
    first, last = number_of_day(period.start), number_of_day(min(period.last_day, today))
    formulas = [each.formula for each in versions]
    facts, customers = read_facts(formulas, first=first, last=max(first, last), beside=RAW)
    rows, left_out = observe(
        observation_days(first, last, every=every_days),
        horizon=horizon_days,
        last_known=number_of_day(last_known),
        formulas=formulas,
        facts=facts,
    )
    return _Observed(versions, last_known, len(customers), rows, left_out)


@one_snapshot()
def band_rates(day: dt.date) -> dict[str, float]:
    """The share of each band that left within the horizon, from what was known by the day.

    Empty where too few had left to say, or no formula is in force.
    """
    years = Period.from_inclusive(day - dt.timedelta(days=728), day)
    found = _observed(years, horizon_days=HORIZON_DAYS, every_days=EVERY_DAYS, today=day)
    rates = rates_of_bands(found.rows, found.formulas, withheld=are_too_few(found.rows))
    return {each.name: each.churn_rate for each in rates if each.churn_rate is not None}


def _known_since() -> dt.date | None:
    """The day on which the first customer became known here."""
    first = Customer.objects.aggregate(first=Min("created_at"))["first"]
    return day_of(first) if first else None


def _limits(found: Any) -> tuple[float | None, float | None]:
    return (None, None) if found is None else (found.low, found.high)


def _predictor_row(each: Predictor) -> list[Any]:
    return [each.name, each.observations, each.auc, *_limits(each.limits)]


def _predictor_dict(each: Predictor) -> dict[str, Any]:
    low, high = _limits(each.limits)
    return {
        "name": each.name,
        "observations": each.observations,
        "auc": each.auc,
        "auc_low": low,
        "auc_high": high,
    }


def _rate_row(each: GroupRate) -> list[Any]:
    return [each.name, each.observations, each.churn_rate, *_limits(each.limits)]


def _rate_dict(each: GroupRate, *, key: str) -> dict[str, Any]:
    low, high = _limits(each.limits)
    return {
        key: each.name,
        "observations": each.observations,
        "churn_rate": each.churn_rate,
        "low": low,
        "high": high,
    }


def _draft_dict(each: Draft) -> dict[str, Any]:
    return {
        "formula": each.formula,
        "weights": dict(each.weights),
        "auc": each.auc,
        "auc_now": each.auc_now,
    }
