"""What staff enter about goals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div
from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms.access.staff import CrispyForm
from accounts.models import Dimension, StaffUser
from actions.domain.goals import (
    USUAL_WINDOW,
    WINDOWS,
    Shape,
    band_of,
    definition_of,
    key_of_band,
)
from actions.labels import SHAPE_LABELS
from actions.models import Goal
from actions.queries.goals import served_by
from actions.queries.targets import standing_goals
from actions.reports.goals import measured
from actions.reports.health_share import goal_metric_name
from analytics.domain.metrics.catalogue import CATALOGUE, Group, Metric
from analytics.domain.periods import EARLIEST, LATEST
from analytics.labels.metrics import GROUP_LABELS, metric_name
from analytics.queries.dimensions import known_dimensions
from analytics.queries.health.formulas import formulas_in_force
from analytics.views.forms.filters import segment_choices
from analytics.views.forms.targets import scale_of
from surveys.forms.steps.layout import helper

LONGEST = dt.timedelta(days=5 * 366)
WEEK_DAYS = 7


def day_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def _figure(label: Any, **options: Any) -> forms.FloatField:
    widget = forms.NumberInput({"step": "any", "inputmode": "decimal"})
    return forms.FloatField(label=label, widget=widget, **options)


def weeks_of(spans: Sequence[int]) -> list[tuple[int, Promise]]:
    words = gettext_lazy("{weeks} weeks")
    return [(days, format_lazy(words, weeks=days // WEEK_DAYS)) for days in spans]


def owners() -> forms.ModelChoiceField[StaffUser]:
    staff = StaffUser.objects.filter(is_active=True).order_by("name", "email")
    return forms.ModelChoiceField(
        label=gettext_lazy("Owner"),
        queryset=staff,
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )


class GoalForm(CrispyForm):
    """Shares are entered in per cent, everything else in the unit of the metric."""

    name = forms.CharField(
        label=pgettext_lazy("goal", "Name"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Left empty: the name of the metric."),
    )
    metric = forms.ChoiceField(label=gettext_lazy("Metric"))
    segment = forms.ChoiceField(label=gettext_lazy("Customers"), required=False)
    parent = forms.TypedChoiceField(
        label=gettext_lazy("Parent goal"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy(
            "The goal that this one contributes to; a goal without one stands at the top."
        ),
    )
    first_day = day_field(gettext_lazy("From"))
    last_day = day_field(
        gettext_lazy("To"),
        required=False,
        help_text=gettext_lazy(
            "Left empty: it holds from the first day on, and reports show whether it is met."
        ),
    )
    start = _figure(
        gettext_lazy("Start value"),
        required=False,
        help_text=gettext_lazy(
            "Shares in %. Leave empty to take the value measured on the first day, or today."
        ),
    )
    target = _figure(pgettext_lazy("goal", "Target"), help_text=gettext_lazy("In the same unit."))
    shape = forms.ChoiceField(
        label=gettext_lazy("Expected course"),
        choices=[(each.value, SHAPE_LABELS[each]) for each in Shape],
    )
    window_days = forms.TypedChoiceField(
        label=gettext_lazy("Measured over"),
        coerce=int,
        initial=USUAL_WINDOW,
        choices=weeks_of(WINDOWS),
        help_text=gettext_lazy("The weeks that end with the day of each reading."),
    )
    owner = owners()

    def __init__(
        self, data: Any, *, goal: Goal, today: dt.date, initial: Mapping[str, Any]
    ) -> None:
        known = {} if goal.pk is None else shown(goal)
        super().__init__(data, initial={**initial, **known})
        self.goal, self.today = goal, today
        self._dimensions = {each.name: each for each in known_dimensions()}
        self._offer("metric", [*grouped_metrics(CATALOGUE), *_bands(goal)])
        self._offer("segment", [("", _("All")), *segment_choices([*self._dimensions.values()])])
        below = served_by(goal) if goal.pk else set()
        above = Goal.objects.exclude(pk__in=below)
        choices = [(str(each.pk), str(each)) for each in above]
        self._offer("parent", [("", _("None (top goal)")), *choices])

    @property
    def helper(self) -> FormHelper:
        pairs = (("metric", "segment"), ("first_day", "last_day"), ("start", "target"),
                 ("shape", "window_days"), ("owner", "parent"))  # fmt: skip
        return helper("name", *(Div(*pair, css_class="form-columns") for pair in pairs))

    def _offer(self, name: str, choices: Any) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            self._check_days(data["first_day"], data["last_day"])
        if not self.errors and band_of(data["metric"]):
            self._check_band(data)
        if not self.errors:
            self._fill(data)
        if not self.errors:
            self._check_figures(definition_of(data["metric"]))
        if not self.errors and self.goal.is_target:
            self._check_alone()
        return data

    def _check_days(self, first: dt.date, last: dt.date | None) -> None:
        if last is None:
            if not EARLIEST <= first <= LATEST:
                self.add_error("first_day", _("Choose a day within the range of the reports."))
        elif last <= first:
            self.add_error("last_day", _("The last day must come after the first one."))
        elif last - first > LONGEST:
            self.add_error("last_day", _("A goal lasts five years at most."))
        elif not EARLIEST <= first <= last <= LATEST:
            self.add_error("first_day", _("Choose a day within the range of the reports."))

    def _check_band(self, data: dict[str, Any]) -> None:
        """No report has it as a target, and a respondent has no health."""
        name = data["segment"].partition("=")[0]
        if data["last_day"] is None:
            self.add_error("last_day", _("A share of a health band needs a last day."))
        elif name and self._dimensions[name].source != Dimension.Source.CUSTOMER:
            self.add_error("segment", _("Health is known of customers: choose one of theirs."))
        data["name"] = data["name"] or goal_metric_name(data["metric"])

    def _fill(self, data: dict[str, Any]) -> None:
        """The goal as it was entered; an empty start is what is measured."""
        goal, metric = self.goal, definition_of(data["metric"])
        name, _equals, value = data["segment"].partition("=")
        for field in ("name", "metric", "first_day", "last_day", "shape", "window_days", "owner"):
            setattr(goal, field, data[field])
        goal.dimension, goal.value, goal.parent_id = self._dimension(name), value, data["parent"]
        goal.target = data["target"] / scale_of(metric)
        if goal.last_day is None:
            # Without an end there is no course.
            goal.start, goal.shape = goal.target, Shape.STRAIGHT
        elif data["start"] is not None:
            goal.start = data["start"] / scale_of(metric)
        else:
            self._measure_start()

    def _measure_start(self) -> None:
        first = min(self.goal.first_day, self.today)
        found = measured(self.goal, first, today=self.today)
        if found is None:
            self.add_error("start", _("The value is not known: enter the one to start from."))
        else:
            self.goal.start = found

    def _check_alone(self) -> None:
        """Reports show one target of a metric."""
        others = standing_goals().filter(metric=self.goal.metric).exclude(pk=self.goal.pk)
        if others.exists():
            text = _("This metric has a target already: change that one, or enter a last day.")
            self.add_error("metric", text)

    def _dimension(self, name: str) -> Dimension | None:
        return self._dimensions.get(name)

    def _check_figures(self, metric: Metric) -> None:
        low, high = metric.limits
        for name in ("start", "target"):
            if not low <= getattr(self.goal, name) <= high:
                scale = scale_of(metric)
                text = _("Enter a number from %(low)g to %(high)g.")
                self.add_error(name, text % {"low": low * scale, "high": high * scale})


class ReviewForm(CrispyForm):
    is_comment = forms.TypedChoiceField(
        label=gettext_lazy("What it is"),
        choices=[
            ("0", gettext_lazy("A review: kept with the value and status of today")),
            ("1", gettext_lazy("A comment")),
        ],
        initial="0",
        required=False,
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=pgettext_lazy("goal", "Text"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("What you see, why, and what happens next."),
    )

    def clean_is_comment(self) -> bool:
        return bool(self.cleaned_data["is_comment"])


def shown(goal: Goal) -> dict[str, Any]:
    """What the fields show of a goal that there is."""
    scale = scale_of(goal.definition)
    return {
        "name": goal.name,
        "metric": goal.metric,
        "segment": f"{goal.dimension.name}={goal.value}" if goal.dimension else "",
        "parent": goal.parent_id,
        "first_day": goal.first_day,
        "last_day": goal.last_day,
        "start": round(goal.start * scale, 4),
        "target": round(goal.target * scale, 4),
        "shape": goal.shape,
        "window_days": goal.window_days,
        "owner": goal.owner,
    }


def _bands(goal: Goal) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Of the formulas in force, and the one that the goal is about."""
    names = [band.name for each in formulas_in_force() for band in each.formula.bands]
    names += [band_of(goal.metric)] if band_of(goal.metric) else []
    choices = [(key, goal_metric_name(key)) for key in map(key_of_band, dict.fromkeys(names))]
    return [(_("Health"), choices)] if choices else []


def grouped_metrics(metrics: Sequence[Metric]) -> list[tuple[Any, list[tuple[str, str]]]]:
    found = {
        group: [(each.key, metric_name(each.key)) for each in metrics if each.group is group]
        for group in Group
    }
    return [(GROUP_LABELS[group], choices) for group, choices in found.items() if choices]
