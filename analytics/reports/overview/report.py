"""The overview as a file: its figures with their targets, its sentences, and the trend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from accounts.domain.targets import Metric
from analytics.charts.drawing import Chart
from analytics.domain.findings import FindingKind
from analytics.domain.periods import Period
from analytics.domain.statistics.interval import CONFIDENCE
from analytics.domain.verdicts import Verdict, verdict_on
from analytics.queries.customers.money import Money
from analytics.reports.overview.figures import Figure, Overview
from analytics.reports.overview.findings import Finding
from analytics.reports.overview.sentences import sentence
from analytics.reports.report import (
    Column,
    Kind,
    Table,
    dated,
    incomplete_dict,
    period_dict,
    unknown_dict,
)

FIGURE_FIELDS = ("figure", "value", "low", "high", "target", "verdict")
FINDING_FIELDS = ("finding", "value", "low", "high", "p_value", "sentence")
OF_POINTS = {
    FindingKind.NPS_ROSE,
    FindingKind.NPS_FELL,
    FindingKind.NPS_STEADY,
    FindingKind.SEGMENT_ROSE,
    FindingKind.SEGMENT_FELL,
}
COLUMNS = (
    Column("figure", Kind.CODE),
    Column("value", Kind.FIGURE),
    Column("low", Kind.FIGURE),
    Column("high", Kind.FIGURE),
    Column("target", Kind.FIGURE),
    Column("verdict", Kind.CODE),
    Column("p_value", Kind.P_VALUE),
    Column("sentence"),
)


@dataclass(frozen=True, slots=True)
class OverviewReport:
    """The cached figures, and the targets of now."""

    name: ClassVar[str] = "overview"

    overview: Overview
    targets: Mapping[str, Decimal]

    @property
    def period(self) -> Period:
        return self.overview.period

    @property
    def unknown(self) -> list[str]:
        return self.overview.trend.unknown

    @property
    def incomplete(self) -> tuple[dt.date, ...]:
        return self.overview.trend.incomplete

    @property
    def money(self) -> Money:
        return self.overview.trend.money

    def figures(self) -> list[dict[str, Any]]:
        return [
            _figure_fields(each, target=self.targets.get(each.metric))
            for each in self.overview.figures
        ]

    def findings(self) -> list[dict[str, Any]]:
        return [_finding_fields(each) for each in self.overview.findings]

    @property
    def file_name(self) -> str:
        return dated(self.name, self.period)

    def charts(self, *, today: dt.date) -> Sequence[Chart]:
        """Its lines have no axes; the trend has them with theirs."""
        return ()

    def tables(self) -> list[Table]:
        """The figures, and below them the sentences; what the other has not is left empty."""
        found = [{"figure": each["finding"], **each} for each in self.findings()]
        rows = [[row.get(column.name) for column in COLUMNS] for row in (*self.figures(), *found)]
        kinds = [_kind_of_figure(each.metric) for each in self.overview.figures]
        kinds += [kind_of_finding(each) for each in self.overview.findings]
        table = Table(self.name, COLUMNS, rows, row_kinds=kinds)
        return [table, *self.overview.trend.tables()]

    def as_dict(self) -> dict[str, Any]:
        return {
            "period": period_dict(self.period),
            "confidence": CONFIDENCE,
            **self.money.as_dict(),
            **unknown_dict(self.unknown),
            **incomplete_dict(self.incomplete),
            "figures": self.figures(),
            "findings": self.findings(),
            "trend": self.overview.trend.as_dict(),
            **({"still_coming_in": self.overview.unripe} if self.overview.unripe else {}),
        }


def _kind_of_figure(metric: Metric) -> Kind:
    return Kind.PERCENT if metric.is_rate else Kind.NPS


def kind_of_finding(finding: Finding) -> Kind:
    """Of what kind its value is: points, a share, or how many times as often."""
    if finding.kind in OF_POINTS:
        return Kind.NPS
    return Kind.RATIO if finding.kind is FindingKind.GROUP_LEAVES_MORE else Kind.PERCENT


def figure_verdict(figure: Figure, *, target: Decimal | None) -> Verdict | None:
    """Whether the target is met; None where there is none, or the figure is not known."""
    if target is None or figure.value is None:
        return None
    found = verdict_on(float(target), interval=figure.interval, at_most=figure.metric.at_most)
    # It only rises while answers come in.
    waits = figure.still_coming_in and found is Verdict.NOT_MET
    return Verdict.CANNOT_TELL if waits else found


def _figure_fields(figure: Figure, *, target: Decimal | None) -> dict[str, Any]:
    low, high = figure.interval or (None, None)
    found = figure_verdict(figure, target=target)
    values = (
        figure.metric.value,
        figure.value,
        low,
        high,
        None if target is None else float(target),
        None if found is None else found.value,
    )
    return dict(zip(FIGURE_FIELDS, values, strict=True))


def _finding_fields(finding: Finding) -> dict[str, Any]:
    values = (
        finding.kind.value,
        finding.value,
        finding.low,
        finding.high,
        finding.p_value,
        sentence(finding),
    )
    return dict(zip(FINDING_FIELDS, values, strict=True))
