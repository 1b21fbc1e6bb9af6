"""What became of customers, by the category of their answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import pandas as pd
from django.utils.translation import gettext as _

from analytics.charts.drawing import Chart
from analytics.charts.outcomes import survival_alt, survival_chart
from analytics.counting.asked_customers import read_asked_customers
from analytics.domain.customers import outcomes as rules
from analytics.domain.customers.follow_up import MIN_AT_RISK, follow_up
from analytics.domain.customers.known import Knowledge
from analytics.domain.customers.outcomes import OutcomeRow, Outcomes, Risk
from analytics.domain.periods import Period
from analytics.labels import unknown_sentences
from analytics.queries.customers.known import knowledge
from analytics.queries.customers.money import Money, money_of
from analytics.queries.customers.outcomes import last_known_day
from analytics.queries.customers.table import CustomerTable
from analytics.queries.database.snapshot import one_snapshot
from analytics.reports.report import Column, Kind, Table, dated, unknown_dict, values_of
from surveys.domain.answers.scoring import Category

COLUMNS = (
    Column("group", Kind.CODE),
    Column("customers", Kind.COUNT),
    Column("churned", Kind.COUNT),
    Column("churn_rate", Kind.PERCENT),
    Column("churn_low", Kind.PERCENT),
    Column("churn_high", Kind.PERCENT),
    Column("relative_risk", Kind.RATIO),
    Column("rr_low", Kind.RATIO),
    Column("rr_high", Kind.RATIO),
    Column("mrr_at_risk", Kind.MONEY),
)
SURVIVAL_COLUMNS = (
    Column("group", Kind.CODE),
    Column("day", Kind.DAYS),
    Column("survival", Kind.PERCENT),
    Column("low", Kind.PERCENT),
    Column("high", Kind.PERCENT),
    Column("at_risk", Kind.COUNT),
)
OTHERS_COLUMNS = (
    Column("group", Kind.CODE),
    Column("relative_risk", Kind.RATIO),
    Column("rr_low", Kind.RATIO),
    Column("rr_high", Kind.RATIO),
)
PAIR_COLUMNS = (
    Column("group", Kind.CODE),
    Column("against", Kind.CODE),
    Column("p_value", Kind.P_VALUE),
    Column("p_adjusted", Kind.P_VALUE),
    Column("significant", Kind.FLAG),
)
AT_RISK_COLUMNS = (
    Column("customer_id"),
    Column("name"),
    Column("group", Kind.CODE),
    Column("mrr", Kind.MONEY),
)


@dataclass(frozen=True, slots=True)
class CustomerAtRisk:
    pk: int
    customer_id: str
    name: str
    group: str
    mrr: float | None


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeReport:
    name: ClassVar[str] = "outcomes"

    period: Period
    last_known: dt.date
    outcomes: Outcomes
    # Of the detractors still active, those who pay most first.
    at_risk: tuple[CustomerAtRisk, ...]
    followed: pd.DataFrame
    money: Money
    known: Knowledge

    @property
    def rows(self) -> tuple[OutcomeRow, ...]:
        return self.outcomes.rows

    @property
    def against_others(self) -> dict[str, Risk]:
        """By group; nothing where promoters are the reference."""
        return {row.group: row.against_others for row in self.rows if row.against_others}

    @property
    def mrr_at_risk(self) -> float | None:
        return self.outcomes.row(str(Category.DETRACTOR)).mrr_at_risk

    def at_risk_on(self, group: str, days: Sequence[int]) -> list[tuple[int, int]]:
        """How many of the group were still followed and there on each of the days."""
        followed = self.followed[self.followed["group"] == group]
        return [(day, int((followed["days"] >= day).sum())) for day in days]

    def still_there_on(self, group: str, days: Sequence[int]) -> list[float | None]:
        """The curve's height on each of the days; None where too few are left to tell."""
        points = self.outcomes.row(group).survival
        return [
            next((each.survival for each in reversed(points) if each.day <= day), None)
            if at_risk >= MIN_AT_RISK
            else None
            for day, at_risk in self.at_risk_on(group, days)
        ]

    @property
    def unknown(self) -> list[str]:
        return unknown_sentences(self.known, period=self.period, of_start=False)

    @property
    def file_name(self) -> str:
        return dated(self.name, self.period)

    def charts(self, *, today: dt.date) -> list[Chart]:
        return [
            Chart(
                "survival",
                _("Do low scores come before lost customers?"),
                draw=partial(survival_chart, self.rows),
                alt=partial(survival_alt, self.rows),
            )
        ]

    def tables(self) -> list[Table]:
        rows = [values_of(row, COLUMNS) for row in self.rows]
        points = [[row.group, *point] for row in self.rows for point in row.survival]
        at_risk = [values_of(each, AT_RISK_COLUMNS) for each in self.at_risk]
        pairs = [list(pair) for pair in self.outcomes.pairs]
        others = [[group, *risk] for group, risk in self.against_others.items()]
        return [
            Table(self.name, COLUMNS, rows),
            Table("survival", SURVIVAL_COLUMNS, points),
            Table("mrr_at_risk", AT_RISK_COLUMNS, at_risk),
            *([Table("log_rank_pairs", PAIR_COLUMNS, pairs)] if pairs else []),
            *([Table("against_others", OTHERS_COLUMNS, others)] if others else []),
        ]

    def as_dict(self) -> dict[str, Any]:
        found = self.outcomes
        return {
            "horizon_days": found.horizon_days,
            "landmark_days": found.landmark_days,
            "rows": [_row_dict(row) for row in found.rows],
            "log_rank_p_value": found.log_rank_p_value,
            **self.money.as_dict(),
            **unknown_dict(self.unknown),
            "survival": {
                row.group: [[int(point.day), *point[1:]] for point in row.survival]
                for row in found.rows
            },
            **self._beyond_the_contract(),
        }

    def _beyond_the_contract(self) -> dict[str, Any]:
        """Who is in no group, the other reference, each pair: where there is something to say."""
        said: dict[str, Any] = {}
        if any(self.outcomes.left_out):
            said["left_out"] = self.outcomes.left_out._asdict()
        if self.against_others:
            names = [column.name for column in OTHERS_COLUMNS[1:]]
            said["against_others"] = {
                group: dict(zip(names, risk, strict=True))
                for group, risk in self.against_others.items()
            }
        if self.outcomes.pairs:
            said["log_rank_pairs"] = [pair._asdict() for pair in self.outcomes.pairs]
        return said


def _row_dict(row: OutcomeRow) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in COLUMNS}


@one_snapshot()
def outcome_report(
    period: Period, *, horizon_days: int, today: dt.date, owner: str = ""
) -> OutcomeReport:
    """`owner`: only of the accounts of the CS member with this address."""
    last_known = last_known_day(today=today)
    customers = read_asked_customers(period, owner=owner)
    followed = follow_up(customers, last_known=last_known)
    known = knowledge(CustomerTable().dates)
    revenue = known.revenue is not None
    found = rules.as_far_as_known(
        rules.outcomes(customers, last_known=last_known, horizon_days=horizon_days),
        churn=known.churn is not None,
        revenue=revenue,
    )
    at_risk = _at_risk(followed.join(customers[["customer_id", "name"]]), revenue=revenue)
    return OutcomeReport(period, last_known, found, at_risk, followed, money_of(period), known)


def _at_risk(followed: pd.DataFrame, *, revenue: bool) -> tuple[CustomerAtRisk, ...]:
    active = followed[~followed["churned"] & (followed["group"] == str(Category.DETRACTOR))]
    rows = active.sort_values(["mrr", "customer_id"], ascending=[False, True])
    # None where the amount is not known; those stand last.
    amounts = rows["mrr"].astype(object).where(rows["mrr"].notna(), None).tolist()
    columns = [rows["customer_id"].tolist(), rows["name"].tolist(), amounts]
    group = str(Category.DETRACTOR)
    return tuple(
        CustomerAtRisk(pk, customer_id, name, group, mrr if revenue else None)
        for pk, customer_id, name, mrr in zip(rows.index.tolist(), *columns, strict=True)
    )
