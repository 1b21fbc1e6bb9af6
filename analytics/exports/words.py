"""Codes, days and months of a report as its readers write them.

CSV and JSON keep the codes; a spreadsheet is read by people.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.labels import value_label
from analytics.labels.codes import WORDS
from analytics.labels.headings import Text
from analytics.reports.report import Column, Kind

SHEETS: dict[str, Text] = {
    "overview": gettext_lazy("Overview"),
    "segments": gettext_lazy("Segments"),
    "trend": gettext_lazy("Trend"),
    "csat": gettext_lazy("CSAT"),
    "metrics": gettext_lazy("Metrics"),
    "by_category": gettext_lazy("By category of NPS"),
    "outcomes": gettext_lazy("Outcomes"),
    "survival": gettext_lazy("Still customers by day"),
    "mrr_at_risk": gettext_lazy("MRR at risk"),
    "against_others": gettext_lazy("Against all others"),
    "log_rank_pairs": gettext_lazy("Groups in pairs"),
    "retention_customers": gettext_lazy("Cohorts of customers"),
    "retention_revenue": gettext_lazy("Cohorts of MRR"),
    "movements": gettext_lazy("Movements of MRR"),
    "movements_by_product": gettext_lazy("Movements by product"),
    "churn_reasons": gettext_lazy("Reasons for leaving"),
    "churn_reasons_by_answer": gettext_lazy("Reasons by last answer"),
    "churn_reasons_by_band": gettext_lazy("Reasons by health"),
    "late_onboarding": gettext_lazy("Late onboarding"),
    "health": gettext_lazy("Health"),
    "predictors": gettext_lazy("The score beside its measures"),
    "bands": gettext_lazy("Churn by band"),
    "tenths": gettext_lazy("Churn by tenth of the score"),
}
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
# Spreadsheets count days from here.
_FIRST_DAY = dt.date(1899, 12, 30)


def sheet_name(name: str) -> str:
    return str(SHEETS.get(name, name))


def readable(value: Any, column: Column) -> Any:
    """What a cell holds: a word for a code, a spreadsheet's own day for a day, else the value."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, str):
        return value
    if column.kind is Kind.DIMENSION:
        return value_label(column.name, value)
    if column.kind is Kind.CODE:
        return str(WORDS.get(column.name, {}).get(value, value))
    if column.kind is Kind.DATE:
        return _serial(dt.date.fromisoformat(value)) if value else value
    return _period(value) if column.kind is Kind.PERIOD else value


def _period(label: str) -> Any:
    """A month is the day that it begins with; a quarter has no number of its own."""
    if month := _MONTH.fullmatch(label):
        return _serial(dt.date(int(month[1]), int(month[2]), 1))
    if quarter := _QUARTER.fullmatch(label):
        return _("Q%(quarter)s %(year)s") % {"quarter": quarter[2], "year": quarter[1]}
    return label


def _serial(day: dt.date) -> int:
    return (day - _FIRST_DAY).days
