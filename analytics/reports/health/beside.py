"""The columns that stand beside the scores on the page and in its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from analytics.counting.last_answers import last_answers
from analytics.queries.health.beside import earlier_scores, last_contacts, owners, paid, renewals
from analytics.reports.health.scores import CustomerHealth, HealthReport


def read_beside(
    name: str, pks: Collection[int] | None, *, report: HealthReport
) -> Mapping[int, Any]:
    """One column, of some of the report's customers or of all."""
    if name == "change":
        return _changes(report)
    if name == "answered":
        return _answered([each.pk for each in report.customers] if pks is None else pks)
    read = {"mrr": paid, "renews": renewals, "owner": owners, "contact": last_contacts}
    return read[name](pks)


def sort_value(each: CustomerHealth, name: str, beside: Mapping[str, Mapping[int, Any]]) -> Any:
    """None where it is not known."""
    if name in beside:
        return beside[name].get(each.pk)
    return (each.name or each.customer_id).casefold() if name == "name" else each.score


def _changes(report: HealthReport) -> Mapping[int, float]:
    before = earlier_scores(report.day)
    return {
        each.pk: each.score - before[each.pk]
        for each in report.customers
        if each.score is not None and each.pk in before
    }


def _answered(pks: Collection[int]) -> Mapping[int, dt.date]:
    answers = last_answers()
    return {pk: day for pk in pks if (day := answers.day(pk)) is not None}
