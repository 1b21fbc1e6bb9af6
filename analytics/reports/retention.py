"""Cohorts that stay, and every movement of MRR from start to end."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, ClassVar

import pandas as pd
from django.utils.translation import gettext as _

from analytics.charts.drawing import Chart
from analytics.charts.retention import cohort_alt, cohort_chart, movement_alt, movement_chart
from analytics.domain.customers import retention as rules
from analytics.domain.customers.known import Knowledge
from analytics.domain.customers.mrr.completeness import incomplete_months
from analytics.domain.customers.mrr.movements import MovementMonth, monthly_movements
from analytics.domain.customers.mrr.products import Ledger
from analytics.domain.customers.mrr.steps import steps
from analytics.domain.customers.retention import Retention
from analytics.domain.customers.revenue import Movements, movements, positions, start_and_end_months
from analytics.domain.periods import Period, last_month_end_before, month_label, month_of
from analytics.domain.periods import months as months_of
from analytics.labels import MOVEMENT_LABELS, unknown_sentences
from analytics.queries.customers.known import knowledge
from analytics.queries.customers.money import Money, money_of
from analytics.queries.customers.outcomes import last_known_day
from analytics.queries.customers.table import (
    CustomerTable,
    account_ids,
    last_known_month,
    read_revenue,
)
from analytics.queries.database.snapshot import one_snapshot
from analytics.reports.churn_reasons import ChurnReasons, reasons_of
from analytics.reports.movements import ByProduct, by_product
from analytics.reports.report import (
    Column,
    Kind,
    Table,
    dated,
    incomplete_dict,
    period_dict,
    unknown_dict,
)

MOVEMENTS = tuple(MOVEMENT_LABELS)


@dataclass(frozen=True, slots=True, eq=False)
class RetentionReport:
    name: ClassVar[str] = "retention"

    period: Period
    customers: Retention
    revenue: Retention
    # None where revenue is not known at both ends of the period.
    movements: Movements | None
    months: tuple[MovementMonth, ...]
    money: Money
    known: Knowledge
    # Of the months shown and those that the period compares.
    incomplete: tuple[dt.date, ...]
    by_product: ByProduct = field(default_factory=ByProduct)
    reasons: ChurnReasons = field(default_factory=ChurnReasons)

    @property
    def unknown(self) -> list[str]:
        return unknown_sentences(self.known, period=self.period)

    @property
    def file_name(self) -> str:
        return dated(self.name, self.period)

    def looks_incomplete(self, month: MovementMonth) -> bool:
        """Its own snapshot, or the one before it that it is compared with."""
        compared = start_and_end_months(month.period)
        return any(day.replace(day=1) in self.incomplete for day in compared)

    @property
    def since_before(self) -> str | None:
        """The cohort of the first imported month: nobody knows since when they pay."""
        since = self.known.revenue.since if self.known.revenue else None
        if since is None:
            return None
        label = month_label(month_of(last_month_end_before(since)))
        return label if label in self.revenue.shares.index else None

    @property
    def steps(self) -> dict[str, float]:
        """Empty where revenue is not known at both ends."""
        return steps(self.movements, ledger=self.by_product.period) if self.movements else {}

    def charts(self, *, today: dt.date) -> list[Chart]:
        cohorts = [
            ("customers", _("How long do customers stay?"), self.customers),
            ("revenue", _("How much of its first MRR does each cohort still pay?"), self.revenue),
        ]
        charts = [
            Chart(
                name,
                question,
                draw=partial(cohort_chart, retention),
                alt=partial(cohort_alt, retention),
            )
            for name, question, retention in cohorts
        ]
        movements = Chart(
            "movements",
            _("Where did the MRR come from and go to?"),
            draw=partial(movement_chart, self.steps),
            alt=partial(movement_alt, self.steps, currency=self.money.currency),
        )
        return [*charts, movements]

    def tables(self) -> list[Table]:
        money = (Column(name, Kind.MONEY) for name in MOVEMENTS)
        columns = [Column("month", Kind.PERIOD), *money, Column("looks_incomplete", Kind.FLAG)]
        months = [
            [
                month_label(each.period),
                *(getattr(each.movements, name) for name in MOVEMENTS),
                self.looks_incomplete(each),
            ]
            for each in self.months
        ]
        return [
            _cohort_table("retention_customers", self.customers, size=Kind.COUNT),
            _cohort_table("retention_revenue", self.revenue, size=Kind.MONEY),
            Table("movements", columns, months),
            *self.by_product.tables(),
            *self.reasons.tables(),
        ]

    def as_dict(self) -> dict[str, Any]:
        return {
            "period": period_dict(self.period),
            **self.money.as_dict(),
            **unknown_dict(self.unknown),
            **incomplete_dict(self.incomplete),
            "customers": cohorts_dict(self.customers),
            "revenue": {**cohorts_dict(self.revenue), "since_before": self.since_before},
            "movements": movements_dict(self.movements),
            "movements_by_product": _ledger_dict(self.by_product.period),
            "churn_reasons": self.reasons.as_list(),
            "months": [
                {
                    "month": month_label(each.period),
                    **(movements_dict(each.movements) or {}),
                    "by_product": _ledger_dict(self.by_product.months[each.period.start]),
                    "looks_incomplete": self.looks_incomplete(each),
                }
                for each in self.months
            ],
        }


def cohorts_dict(retention: Retention) -> dict[str, Any]:
    """Per cohort its size and the share there at each age; None: an age not reached yet."""
    return {
        "cohorts": [
            {
                "cohort": cohort,
                "size": float(retention.weights.loc[str(cohort)]),
                "shares": _shares(row),
            }
            for cohort, row in retention.shares.iterrows()
        ],
        "average": _shares(retention.average()),
    }


def _cohort_table(name: str, retention: Retention, *, size: Kind) -> Table:
    shown = cohorts_dict(retention)
    average = shown["average"]
    ages = [Column(str(age), Kind.PERCENT) for age in range(len(average))]
    rows = [[each["cohort"], each["size"], *each["shares"]] for each in shown["cohorts"]]
    columns = [Column("cohort", Kind.PERIOD), Column("size", size), *ages]
    total = ["", None, *average]
    return Table(name, columns, rows, total, total_name=_("Mean by size"))


def movements_dict(moved: Movements | None) -> dict[str, float] | None:
    if moved is None:
        return None
    amounts = asdict(moved)
    return {name: amounts[name] for name in MOVEMENTS}


def _ledger_dict(ledger: Ledger | None) -> dict[str, float] | None:
    return None if ledger is None else asdict(ledger)


@one_snapshot()
def retention_report(period: Period, *, today: dt.date, owner: str = "") -> RetentionReport:
    """`owner`: only of the accounts of the CS member with this address."""
    last_day = last_known_day(today=today)
    last_month = last_known_month()
    revenue = read_revenue()
    dates = CustomerTable().dates
    # What imports have told of is told of all customers.
    known = knowledge(dates, today=today)
    incomplete = _incomplete(revenue, dates["churned_on"], period=period)
    accounts = account_ids(owner) if owner else None
    if accounts is not None:
        dates = dates[dates.index.isin(accounts)]
        revenue = revenue[revenue["customer"].isin(accounts)]
    staying = rules.customer_retention(dates, last_known=last_day)
    if known.churn is None:
        staying = staying.unknown()
    paying = rules.revenue_retention(revenue, last_known=last_month or last_day)
    moved = None
    if last_month is not None and known.covers_revenue(period):
        moved = _movements(positions(revenue, period=period, last_known=last_month))
    months = tuple(
        each
        for each in monthly_movements(revenue, period=period)
        # Of the first month nobody knows the one before: not all of its revenue is new.
        if known.mrr_at_start(each.period)
    )
    return RetentionReport(
        period,
        _cohorts_of(staying, period=period),
        _cohorts_of(paying, period=period),
        moved,
        months,
        money_of(period),
        known,
        incomplete,
        by_product(
            period if moved else None,
            months=[each.period for each in months],
            last_known=last_month,
            accounts=accounts,
        ),
        reasons_of(
            period,
            today=today,
            revenue=revenue,
            accounts=accounts,
            churn=known.churn_in(period),
        ),
    )


def _incomplete(
    revenue: pd.DataFrame, churned_on: pd.Series, *, period: Period
) -> tuple[dt.date, ...]:
    if revenue.empty:
        return ()
    last = revenue["month"].max().date()
    shown = [last_month_end_before(period.start), *(each.start for each in months_of(period))]
    wanted = [day for day in shown if day <= month_of(last).last_day]
    return tuple(incomplete_months(revenue, churned_on=churned_on, months=wanted))


def _movements(found: pd.DataFrame) -> Movements | None:
    """None where no customer's amounts are known at both ends."""
    known = found.dropna(subset=["start", "end"])
    return None if known.empty and len(found) else movements(known)


def _cohorts_of(retention: Retention, *, period: Period) -> Retention:
    """The cohorts that began in the period; labels such as 2026-03 sort as the months do."""
    labels = retention.shares.index
    first, last = f"{period.start:%Y-%m}", f"{period.last_day:%Y-%m}"
    return retention.of([label for label in labels if first <= str(label) <= last])


def _shares(row: pd.Series) -> list[float | None]:
    return [None if pd.isna(share) else float(share) for share in row]
