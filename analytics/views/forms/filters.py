from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.domain.segments import UNKNOWN
from accounts.forms.owners import my_accounts_field
from accounts.labels import value_label
from accounts.models import Dimension
from analytics.queries.dimensions import best_dimensions, frozen_values
from analytics.queries.filters import Compare, Filters
from analytics.reports.answers.trend import Step
from analytics.views.forms.period import PeriodForm, Preset
from common.web.forms import SelectMultipleAsOne
from surveys.models import Campaign

NOW = "now"
HORIZONS = ((90, _("90 days")), (180, _("180 days")), (365, _("365 days")))


def compared_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Compare with"),
        required=False,
        choices=[
            ("", _("Nothing")),
            (Compare.PREVIOUS.value, _("The period just before")),
            (Compare.YEAR.value, _("The same dates a year earlier")),
        ],
    )


def compared_with(form: forms.Form) -> Compare | None:
    """Untouched, the page compares: a number alone says little to a board."""
    if "compare" not in form.data and not form.errors:
        return Compare.PREVIOUS
    chosen = form.cleaned_data.get("compare", "")
    return Compare(chosen) if chosen else None


class AccountForm(PeriodForm):
    """The period, and whose accounts."""

    mine = my_accounts_field()
    field_order = ["mine"]

    # The address of whoever looks at the page.
    reader = ""

    @property
    def owner(self) -> str:
        """Empty: the accounts of all."""
        return self.reader if self.cleaned_data.get("mine") else ""


class OutcomeForm(AccountForm):
    default_preset = Preset.LAST_24_MONTHS
    horizon = forms.TypedChoiceField(
        label=_("Horizon"),
        coerce=int,
        empty_value="180",
        required=False,
        choices=HORIZONS,
    )

    defaults = {"horizon": "180"}


class RetentionForm(AccountForm):
    default_preset = Preset.LAST_24_MONTHS


class ChosenForm(AccountForm):
    """The period, and which customers by what is known of them."""

    where = forms.MultipleChoiceField(
        label=_("Limit to"), required=False, widget=SelectMultipleAsOne
    )

    def __init__(self, data: Any, *, today: dt.date, dimensions: Sequence[Dimension]) -> None:
        super().__init__(data, today=today)
        self.dimensions = dimensions
        self._offer("where", [("", _("All")), *segment_choices(dimensions)])

    @cached_property
    def best(self) -> Dimension | None:
        """What is split by where nobody chose."""
        return next(iter(best_dimensions(self.dimensions)), None)

    def chosen_dimension(self) -> Dimension | None:
        name = self.cleaned_data.get("by")
        return next((each for each in self.dimensions if each.name == name), self.best)

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        data = self.cleaned_data if self.is_valid() else {}
        where: dict[str, list[str]] = {}
        for text in data.get("where", ()):
            name, equals, value = text.partition("=")
            if equals:
                where.setdefault(name, []).append(value)
        return Filters(self.period, where=where, owner=self.owner, today=self.today)


class AnswerForm(ChosenForm):
    """With everything that narrows the answers."""

    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All")), *settings.LANGUAGES]
    )

    def __init__(self, data: Any, *, today: dt.date, dimensions: Sequence[Dimension]) -> None:
        super().__init__(data, today=today, dimensions=dimensions)
        campaigns = Campaign.objects.exclude(launched_at=None, finished_at=None)
        choices = list(campaigns.order_by("-pk").values_list("slug", "name")[:200])
        self._offer("campaign", [("", _("All")), *choices])

    def filters(self) -> Filters:
        data = self.cleaned_data if self.is_valid() else {}
        return replace(
            super().filters(),
            campaign=data.get("campaign", ""),
            language=data.get("language", ""),
        )


class OverviewForm(AnswerForm):
    """Always compared: a number alone says little to a board."""

    def filters(self) -> Filters:
        compare = Compare.PREVIOUS
        return replace(super().filters(), compare=compare, same_days=self.same_days(compare))


class SegmentForm(AnswerForm):
    by = forms.ChoiceField(label=_("Split by"), required=False)
    and_by = forms.ChoiceField(label=_("and by"), required=False)
    compare = compared_field()
    as_of = forms.ChoiceField(
        label=_("Segments as of"),
        required=False,
        choices=[("", _("the day of sending")), (NOW, _("today"))],
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ["mine", "preset", "first", "last", "by", "and_by", "compare"]

    def __init__(self, data: Any, *, today: dt.date, dimensions: Sequence[Dimension]) -> None:
        super().__init__(data, today=today, dimensions=dimensions)
        names = [(each.name, str(each)) for each in dimensions]
        self._offer("by", names)
        self._offer("and_by", [("", _("nothing else")), *names])

    def filters(self) -> Filters:
        found = super().filters()
        data = self.cleaned_data
        first = self.chosen_dimension()
        names = (first.name if first else "", data.get("and_by", ""))
        by = tuple(dict.fromkeys(name for name in names if name))
        chosen = compared_with(self)
        return replace(
            found,
            by=by,
            compare=chosen,
            as_of=self.today if data.get("as_of") == NOW else None,
            same_days=self.same_days(chosen),
            today=self.today,
        )

    def show_chosen(self) -> None:
        by = {"by": self.best.name} if self.best else {}
        self.defaults = by | {"compare": Compare.PREVIOUS.value}
        super().show_chosen()


class MetricsForm(AnswerForm):
    compare = compared_field()

    field_order = ["mine", "preset", "first", "last", "by", "compare"]

    def filters(self) -> Filters:
        chosen = compared_with(self)
        return replace(super().filters(), compare=chosen, same_days=self.same_days(chosen))

    def show_chosen(self) -> None:
        self.defaults = {"compare": Compare.PREVIOUS.value, **self._split()}
        super().show_chosen()

    def _split(self) -> dict[str, str]:
        return {}


class MetricForm(MetricsForm):
    """Of one metric, which may be split; a campaign and a language narrow those of answers."""

    by = forms.ChoiceField(label=_("Split by"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        today: dt.date,
        dimensions: Sequence[Dimension],
        of_answers: bool,
    ) -> None:
        super().__init__(data, today=today, dimensions=dimensions)
        self._offer("by", [(each.name, str(each)) for each in dimensions])
        if not dimensions:
            del self.fields["by"]
        if not of_answers:
            del self.fields["campaign"], self.fields["language"]

    def filters(self) -> Filters:
        by = self.chosen_dimension()
        return replace(super().filters(), by=(by.name,) if by else ())

    def _split(self) -> dict[str, str]:
        return {"by": self.best.name} if self.best else {}


class TrendForm(AnswerForm):
    default_preset = Preset.LAST_24_MONTHS
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

    by = forms.ChoiceField(label=_("Split the change by"), required=False)

    def __init__(self, data: Any, *, today: dt.date, dimensions: Sequence[Dimension]) -> None:
        super().__init__(data, today=today, dimensions=dimensions)
        self._offer("by", [(each.name, str(each)) for each in dimensions])
        if not dimensions:
            del self.fields["by"]

    def show_chosen(self) -> None:
        self.defaults = {"by": self.best.name} if self.best else {}
        super().show_chosen()

    def step_chosen(self) -> Step:
        return Step(self.cleaned_data.get("step") or Step.MONTH)


def segment_choices(dimensions: Sequence[Dimension]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of `name=value` for every value that was ever frozen on an invitation, or each band.

    Bands that were defined otherwise before are frozen nowhere any more.
    """
    found = frozen_values(dimensions)
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
