"""The form of a period: presets, or two days of one's own."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.dates import MONTHS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from analytics.domain.periods import (
    EARLIEST,
    LATEST,
    LONGEST_YEARS,
    Period,
    fiscal_year,
    last_12_months,
    same_days_before,
    so_far,
    this_quarter,
)
from analytics.queries.filters import Compare

PERIOD_FIELDS = ("preset", "first", "last")


class Preset(StrEnum):
    QUARTER = "quarter"
    FISCAL_YEAR = "fiscal_year"
    LAST_12_MONTHS = "last_12_months"
    LAST_24_MONTHS = "last_24_months"
    CUSTOM = "custom"


# Preset -> the first month; Japanese fiscal years begin in April, which stands in front.
FISCAL_YEARS: dict[str, int] = {Preset.FISCAL_YEAR: 4} | {
    f"{Preset.FISCAL_YEAR}_{month}": month for month in MONTHS
}


OTHER_FISCAL_YEARS = tuple(
    (f"{Preset.FISCAL_YEAR}_{month}", format_lazy(_("Fiscal year from {month}"), month=name))
    for month, name in MONTHS.items()
    if month != FISCAL_YEARS[Preset.FISCAL_YEAR]
)


# How long the presets that are parts of the calendar are, in months.
MONTHS_LONG: dict[str, int] = {Preset.QUARTER: 3} | dict.fromkeys(FISCAL_YEARS, 12)


class DayField(forms.DateField):
    """A day that a report can begin or end with."""

    widget = forms.DateInput(attrs={"type": "date"})
    default_validators = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]


class PeriodForm(forms.Form):
    """Presets, or two days of one's own. Nothing is required: a page opens with its defaults."""

    PRESETS = (
        (Preset.QUARTER.value, _("This quarter")),
        (Preset.FISCAL_YEAR.value, _("Fiscal year from April")),
        (Preset.LAST_12_MONTHS.value, _("Last 12 months")),
        (Preset.LAST_24_MONTHS.value, _("Last 24 months")),
        (Preset.CUSTOM.value, _("Custom dates")),
        (_("Fiscal year from another month"), OTHER_FISCAL_YEARS),
    )
    preset = forms.ChoiceField(label=_("Period"), choices=PRESETS, required=False)
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)

    default_preset = Preset.LAST_12_MONTHS
    # What the page takes where the address says nothing.
    defaults: dict[str, str] = {}

    def __init__(self, data: Any, *, today: dt.date) -> None:
        self.today = today
        super().__init__(data)
        self.period = self.preset_period(self.default_preset)

    def add_prefix(self, field_name: str) -> str:
        """`from` is a word of Python's own, but the right word in an address."""
        return {"first": "from", "last": "to"}.get(field_name, field_name)

    def preset_period(self, preset: str) -> Period:
        if preset == Preset.QUARTER:
            return this_quarter(self.today)
        if preset in FISCAL_YEARS:
            return fiscal_year(self.today, first_month=FISCAL_YEARS[preset])
        year = last_12_months(self.today)
        if preset == Preset.LAST_24_MONTHS:
            return Period(year.year_earlier().start, year.end)
        return year

    def same_days(self, compare: Compare | None) -> Period | None:
        """What a preset that still runs is fairly compared with; None for all other periods."""
        months = MONTHS_LONG.get(self.cleaned_data.get("preset", ""))
        elapsed = so_far(self.period, today=self.today)
        if compare is None or months is None or elapsed is None:
            return None
        if compare is Compare.YEAR:
            return elapsed.year_earlier()
        return same_days_before(elapsed, months=months)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last, preset = data.get("first"), data.get("last"), data.get("preset")
        own = preset == Preset.CUSTOM or (not preset and (first or last))
        if self.errors or not own:
            self.period = self.preset_period(preset or self.default_preset)
            return data
        if not first or not last:
            missing = "last" if first else "first"
            self.add_error(missing, _("Choose the first and the last day."))
        elif last < first:
            self.add_error("last", _("The last day is before the first one."))
        elif (period := Period.from_inclusive(first, last)).too_long:
            text = _("Choose at most %(years)s years.")
            self.add_error("last", forms.ValidationError(text, params={"years": LONGEST_YEARS}))
        else:
            self.period = period
        return data

    @property
    def own_values(self) -> dict[str, str]:
        """What the fields show where nobody chose; the days, which the period fills in, always."""
        days = {"first": self.period.start.isoformat(), "last": self.period.last_day.isoformat()}
        return {"preset": str(self.default_preset), **days, **self.defaults}

    def show_chosen(self) -> None:
        """Fill the fields with what the page shows, so that an untouched form tells the truth."""
        data: Any = QueryDict(mutable=True)
        data.update(self.data)
        data.setdefault("preset", str(Preset.CUSTOM if data.get("from") else self.default_preset))
        data["from"] = self.period.start.isoformat()
        data["to"] = self.period.last_day.isoformat()
        for name, value in self.defaults.items():
            data.setdefault(name, value)
        self.data = data

    def chosen(self) -> list[tuple[str, str]]:
        """What the filters say, in words, for paper and pictures; the period has its own line."""
        if not self.is_valid():
            return []
        found = []
        for field in self.visible_fields():
            values = self.cleaned_data.get(field.name)
            values = values if isinstance(values, list) else [values]
            words = [each for each in (_in_words(field, value) for value in values) if each]
            if words and field.name not in PERIOD_FIELDS:
                found.append((str(field.label), ", ".join(words)))
        return found


def _in_words(field: forms.BoundField, value: Any) -> str:
    """The label of a choice; of a grouped one, such as a segment's value, with its group."""
    if value in (None, ""):
        return ""
    for key, label in getattr(field.field, "choices", ()):
        if isinstance(label, (list, tuple)):
            inside = dict(label)
            if value in inside:
                return f"{key} = {inside[value]}"
        elif str(key) == str(value):
            return str(label)
    return str(value)
