"""What staff enter about improvements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms.access.staff import CrispyForm
from actions.domain.improvements import SPANS, USUAL_SPAN
from actions.forms.goals import day_field, grouped_metrics, owners, weeks_of
from actions.models import Goal, Improvement
from actions.queries.follow_ups.causes import cause_names, offered_causes
from actions.reports.improvements import COMPARED
from analytics.domain.metrics.catalogue import BY_KEY
from analytics.domain.periods import EARLIEST, LATEST
from analytics.queries.dimensions import known_dimensions
from analytics.views.forms.filters import segment_choices
from analytics.views.forms.targets import scale_of
from surveys.forms.steps.layout import helper

LONGEST_TEXT = 2000
# What is kept as it was entered.
FIELDS = (
    "name", "hypothesis", "measures", "metric", "began_on", "span_days", "goal", "owner", "causes",
)  # fmt: skip


def _text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        help_text=help_text,
        widget=forms.Textarea({"rows": 2}),
    )


class ImprovementForm(CrispyForm):
    name = forms.CharField(label=pgettext_lazy("improvement", "Name"), max_length=100)
    hypothesis = _text(
        gettext_lazy("Hypothesis"),
        help_text=gettext_lazy("If we do this, then that will happen, because …"),
    )
    measures = _text(gettext_lazy("What is done"), required=False)
    segment = forms.ChoiceField(
        label=gettext_lazy("For which customers"),
        help_text=gettext_lazy("They are compared with all other customers."),
    )
    metric = forms.ChoiceField(label=gettext_lazy("Metric"))
    began_on = day_field(gettext_lazy("From"))
    span_days = forms.TypedChoiceField(
        label=gettext_lazy("Compared over"),
        coerce=int,
        initial=USUAL_SPAN,
        choices=weeks_of(SPANS),
        help_text=gettext_lazy(
            "The weeks before the first day are compared with those from it on."
        ),
    )
    expected = forms.FloatField(
        label=gettext_lazy("Expected effect"),
        required=False,
        help_text=gettext_lazy(
            "In the unit of the metric, shares in percentage points: −2 if a rate should fall "
            "by two."
        ),
        widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
    )
    goal = forms.ModelChoiceField(
        label=gettext_lazy("Goal"),
        queryset=Goal.objects.none(),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    causes = forms.MultipleChoiceField(
        label=gettext_lazy("Root causes that it answers to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    owner = owners()

    def __init__(
        self, data: Any, *, row: Improvement, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={**(initial or {}), **(shown(row) if row.pk else {})})
        self.row = row
        dimensions = known_dimensions()
        self._dimensions = {each.name: each for each in dimensions}
        fields: Any = self.fields
        fields["metric"].choices = grouped_metrics(COMPARED)
        fields["segment"].choices = [("", "–"), *segment_choices(dimensions)]
        fields["goal"].queryset = Goal.objects.all()
        fields["causes"].choices = _causes(row)

    @property
    def helper(self) -> FormHelper:
        pairs = (("metric", "segment"), ("began_on", "span_days"), ("expected", "goal"))
        columns = (Div(*pair, css_class="form-columns") for pair in pairs)
        return helper("name", "hypothesis", "measures", *columns, "causes", "owner")

    def clean_began_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["began_on"]
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("Choose a day within the range of the reports."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        row, expected = self.row, data["expected"]
        name, _equals, row.value = data["segment"].partition("=")
        row.dimension = self._dimensions[name]
        for field in (
            "name", "hypothesis", "measures", "metric", "began_on", "span_days", "goal", "owner",
            "causes",
        ):  # fmt: skip
            setattr(row, field, data[field])
        row.expected = None if expected is None else expected / scale_of(BY_KEY[row.metric])
        return data


class ConclusionForm(CrispyForm):
    outcome = forms.CharField(
        label=gettext_lazy("Conclusion"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("What came of it, and what you do next."),
    )


def _causes(row: Improvement) -> list[tuple[str, str]]:
    """Also those that it has and that are no longer offered."""
    return [*(dict(offered_causes()) | cause_names(row.causes)).items()]


def shown(row: Improvement) -> dict[str, Any]:
    """What the fields show of one that there is."""
    expected = None if row.expected is None else round(row.expected * scale_of(row.definition), 4)
    return {
        "segment": f"{row.dimension.name}={row.value}",
        "expected": expected,
        **{name: getattr(row, name) for name in FIELDS},
    }
