from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.dates import MONTHS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.domain.segments import UNKNOWN
from accounts.models import Dimension
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
from analytics.labels import value_label
from analytics.queries.filters import Compare, Filters
from analytics.queries.profiles import all_profiles
from analytics.reports.trend import Step
from surveys.models import Campaign

NOW = "now"
PERIOD_FIELDS = ("preset", "first", "last")
HORIZONS = ((90, _("90 days")), (180, _("180 days")), (365, _("365 days")))


# Preset -> the first month; Japanese fiscal years begin in April, which stands in front.
FISCAL_YEARS = {"fiscal_year": 4} | {f"fiscal_year_{month}": month for month in MONTHS}
OTHER_FISCAL_YEARS = tuple(
    (f"fiscal_year_{month}", format_lazy(_("Fiscal year from {month}"), month=name))
    for month, name in MONTHS.items()
    if month != FISCAL_YEARS["fiscal_year"]
)
# How long the presets that are parts of the calendar are, in months.
MONTHS_LONG = {"quarter": 3} | dict.fromkeys(FISCAL_YEARS, 12)


class DayField(forms.DateField):
    """A day that a report can begin or end with."""

    widget = forms.DateInput(attrs={"type": "date"})
    default_validators = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]


class SelectedOnes(forms.Select):
    """Shows one choice, takes as many as the address repeats."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return [value for value in values if value]


class PeriodForm(forms.Form):
    """Presets, or two days of one's own. Nothing is required: a page opens with its defaults."""

    PRESETS = (
        ("quarter", _("This quarter")),
        ("fiscal_year", _("Fiscal year from April")),
        ("last_12_months", _("Last 12 months")),
        ("last_24_months", _("Last 24 months")),
        ("custom", _("Custom dates")),
        (_("Fiscal year from another month"), OTHER_FISCAL_YEARS),
    )
    preset = forms.ChoiceField(label=_("Period"), choices=PRESETS, required=False)
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)

    default_preset = "last_12_months"
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
        if preset == "quarter":
            return this_quarter(self.today)
        if preset in FISCAL_YEARS:
            return fiscal_year(self.today, first_month=FISCAL_YEARS[preset])
        year = last_12_months(self.today)
        if preset == "last_24_months":
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
        own = preset == "custom" or (not preset and (first or last))
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

    def show_chosen(self) -> None:
        """Fill the fields with what the page shows, so that an untouched form tells the truth."""
        data: Any = QueryDict(mutable=True)
        data.update(self.data)
        data.setdefault("preset", "custom" if data.get("from") else self.default_preset)
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


class OutcomeForm(PeriodForm):
    default_preset = "last_24_months"
    horizon = forms.TypedChoiceField(
        label=_("Horizon"),
        coerce=int,
        empty_value="180",
        required=False,
        choices=HORIZONS,
    )

    defaults = {"horizon": "180"}


class RetentionForm(PeriodForm):
    default_preset = "last_24_months"


class AnswerForm(PeriodForm):
    """The period with everything that narrows the answers."""

    where = forms.MultipleChoiceField(label=_("Limit to"), required=False, widget=SelectedOnes)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All")), *settings.LANGUAGES]
    )

    def __init__(self, data: Any, *, today: dt.date, dimensions: Sequence[Dimension]) -> None:
        super().__init__(data, today=today)
        self.dimensions = dimensions
        campaigns = Campaign.objects.exclude(launched_at=None, finished_at=None)
        choices = list(campaigns.order_by("-pk").values_list("slug", "name")[:200])
        self._offer("campaign", [("", _("All")), *choices])
        self._offer("where", [("", _("All")), *_values(dimensions)])

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        data = self.cleaned_data if self.is_valid() else {}
        where: dict[str, list[str]] = {}
        for text in data.get("where", ()):
            name, equals, value = text.partition("=")
            if equals:
                where.setdefault(name, []).append(value)
        return Filters(
            self.period,
            where=where,
            campaign=data.get("campaign", ""),
            language=data.get("language", ""),
        )


class SegmentForm(AnswerForm):
    by = forms.ChoiceField(label=_("Split by"), required=False)
    and_by = forms.ChoiceField(label=_("and by"), required=False)
    compare = forms.ChoiceField(
        label=_("Compare with"),
        required=False,
        choices=[
            ("", _("Nothing")),
            (Compare.PREVIOUS.value, _("The period just before")),
            (Compare.YEAR.value, _("The same dates a year earlier")),
        ],
    )
    as_of = forms.ChoiceField(
        label=_("Segments as of"),
        required=False,
        choices=[("", _("the day of sending")), (NOW, _("today"))],
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ["preset", "from", "to", "by", "and_by", "compare"]

    def __init__(self, data: Any, *, today: dt.date, dimensions: Sequence[Dimension]) -> None:
        super().__init__(data, today=today, dimensions=dimensions)
        names = [(each.name, str(each)) for each in dimensions]
        self._offer("by", names)
        self._offer("and_by", [("", _("nothing else")), *names])
        self.order_fields(["preset", "first", "last", "by", "and_by", "compare"])

    def filters(self) -> Filters:
        found = super().filters()
        data = self.cleaned_data
        first = data.get("by") or (self.dimensions[0].name if self.dimensions else "")
        by = tuple(dict.fromkeys(name for name in (first, data.get("and_by", "")) if name))
        compare = data.get("compare", "")
        # Untouched, the page compares: a number alone says little to a board.
        chosen = Compare(compare) if compare else None
        if "compare" not in self.data and not self.errors:
            chosen = Compare.PREVIOUS
        return Filters(
            found.period,
            by=by,
            where=found.where,
            campaign=found.campaign,
            language=found.language,
            compare=chosen,
            as_of=self.today if data.get("as_of") == NOW else None,
            same_days=self.same_days(chosen),
        )

    def show_chosen(self) -> None:
        first = self.dimensions[0].name if self.dimensions else ""
        self.defaults = {"by": first, "compare": Compare.PREVIOUS.value}
        super().show_chosen()


class TrendForm(AnswerForm):
    default_preset = "last_24_months"
    step = forms.ChoiceField(
        label=_("Group by"),
        required=False,
        choices=[
            (Step.MONTH.value, _("Month")),
            (Step.QUARTER.value, _("Quarter")),
            (Step.ROLLING_3.value, _("Rolling 3 months")),
            (Step.ROLLING_12.value, _("Rolling 12 months")),
        ],
    )

    def step_chosen(self) -> Step:
        return Step(self.cleaned_data.get("step") or Step.MONTH)


def _values(dimensions: Sequence[Dimension]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of `name=value` for every value that was ever frozen on an invitation, or each band.

    Bands that were defined otherwise before are frozen nowhere any more.
    """
    found: dict[str, set[str]] = {each.name: set() for each in dimensions}
    for values in all_profiles().values():
        for name in found.keys() & values.keys():
            found[name].add(values[name])
    shown = {each.name: _in_order(each, found[each.name]) for each in dimensions}
    return [
        (
            str(each),
            [(f"{each.name}={value}", value_label(each.name, value)) for value in shown[each.name]],
        )
        for each in dimensions
        if shown[each.name]
    ]


def _in_order(dimension: Dimension, values: set[str]) -> list[str]:
    bands = dimension.definition.bands
    return sorted(values) if bands is None else [*bands.labels, UNKNOWN]


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
