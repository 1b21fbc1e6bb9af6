"""What the metrics of one period are counted from, read once: for figures and for their lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

import pandas as pd

from accounts.domain.facts.events import EventKind
from accounts.domain.facts.known import event_fact
from analytics.counting.customers import ChosenCustomers
from analytics.counting.feedback import answered_in, any_answer_until
from analytics.counting.worth import Worth
from analytics.domain.customers.mrr.products import ledger_rows, product_lines
from analytics.domain.metrics.catalogue import CLV, RESPONSES, Metric
from analytics.domain.metrics.facts import Facts
from analytics.domain.metrics.sales import SALES, sold
from analytics.domain.metrics.shares import SHARES
from analytics.domain.metrics.times import TIMES
from analytics.domain.periods import Period
from analytics.queries.customers.products import read_products
from analytics.queries.database.snapshot import once
from analytics.queries.facts.periods import KnownFacts, choices, facts_of
from analytics.queries.filters import Scope

Key = tuple[str, ...]
PURCHASED = event_fact(EventKind.PURCHASED)
# Of those that count units of their own: a row per unit.
RULES = {**SHARES, **TIMES}


def needed_by(metrics: Iterable[Metric]) -> set[str]:
    """A lifetime value is one of purchases where there is no revenue."""
    return {
        fact
        for each in metrics
        for fact in (*each.needs, *([PURCHASED] if each.key == CLV else []))
    }


class MetricUnits:
    """Of one period: the facts, the customers that the scope chooses, and each metric's units."""

    def __init__(
        self,
        scope: Scope,
        period: Period,
        *,
        needed: Collection[str],
        today: dt.date,
        draws: bool = True,
    ) -> None:
        """`draws`: whether the intervals of money are worked out, which take draws of customers."""
        self._scope, self._draws = scope, draws
        self.period, self.today = period, today
        self.choices = once("choices of metrics", choices)
        self._needed, self.by = set(needed), list(scope.filters.by)
        self._within: dict[int | None, set[str]] = {}
        # By the rule: the median and the 90th percentile are of the same waits.
        self._units: dict[object, pd.DataFrame] = {}
        self._known = KnownFacts(period, today=today, chosen=self.choices)
        self.chosen = ChosenCustomers(scope, periods=[period]) if scope.about_customers else None
        self.customers = pd.DataFrame() if self.chosen is None else self.chosen.on(period)

    @cached_property
    def facts(self) -> Facts:
        found = facts_of(self.period, needed=self._needed, today=self.today, chosen=self.choices)
        if RESPONSES not in self._needed:
            return found
        answered, commented = answered_in(
            self.period, campaign=self._scope.campaign_id, language=self._scope.filters.language
        )
        return replace(found, answered=answered, commented=commented)

    @cached_property
    def money(self) -> Worth:
        """What it takes to say what customers are worth."""
        purchases = PURCHASED in self.known(None)
        return Worth(
            self.customers, self.chosen, facts=self.facts, purchases=purchases, draws=self._draws
        )

    def lacks(self, metric: Metric) -> list[str]:
        return metric.lacks(self.known(metric.window_days))

    def known(self, window_days: int | None) -> set[str]:
        """The facts that are known of the period, or of its last days."""
        if self.chosen is None:
            return set()
        if window_days not in self._within:
            self._within[window_days] = self._known_within(window_days)
        return self._within[window_days]

    def _known_within(self, window_days: int | None) -> set[str]:
        found = self._known.within(window_days)
        answered = RESPONSES in self._needed and any_answer_until(self.period)
        return found | {RESPONSES} if answered else found

    def units(self, metric: Metric) -> pd.DataFrame | None:
        """Of the chosen customers; None where no file told of what it needs."""
        if metric.key in SALES:
            return self._sold(metric)
        if self.lacks(metric):
            return None
        rule = RULES[metric.key]
        if rule not in self._units:
            rows = rule(self.facts)
            self._units[rule] = rows[rows["customer"].isin(self.customers.index)]
        return self._units[rule]

    def _sold(self, metric: Metric) -> pd.DataFrame | None:
        """At the rates of the start: a rate that moves sells nothing."""
        if self.chosen is None or not self.chosen.known.covers_revenue(self.period):
            return None
        start, end = self.chosen.revenue_months(self.period)
        if start >= end:
            return None
        days = {start, end}
        lines = once(
            f"products {start} {end}",
            lambda: product_lines(read_products(days, rates_of=start), days=days),
        )
        if metric.key == "cross_sell_rate" and not lines.knows_products(start, end):
            return None
        rows = ledger_rows(lines, start=start, end=end)
        return sold(rows[rows.index.isin(self.customers.index)], metric.key)

    def split(self, rows: pd.DataFrame) -> Mapping[Key, pd.DataFrame]:
        names = self.customers[self.by].astype(str)
        keys = rows.join(names, on="customer")
        return {
            tuple(str(value) for value in key): group
            for key, group in keys.groupby(self.by)
            if isinstance(key, tuple)
        }

    @cached_property
    def groups(self) -> Mapping[Key, pd.Index]:
        """The customers of each segment; of the total all."""
        found: dict[Key, pd.Index] = {(): self.customers.index}
        if not self.by or self.customers.empty:
            return found
        names = self.customers[self.by].astype(str)
        for key, rows in names.groupby(self.by):
            found[tuple(str(value) for value in key)] = rows.index
        return found
