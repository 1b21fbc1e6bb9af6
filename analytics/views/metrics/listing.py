"""All metrics, by what they are about; each line leads to the metric's own page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.domain.access.roles import Permission
from accounts.models import Customer
from accounts.queries.targets import known_targets
from analytics.domain.metrics.catalogue import CATALOGUE, Group, Metric
from analytics.labels.metrics import GROUP_LABELS, metric_name
from analytics.queries.dimensions import known_dimensions
from analytics.queries.facts.periods import choices
from analytics.queries.filters import Filters
from analytics.reports.metrics.course import Course, Point, metric_courses
from analytics.reports.metrics.report import MetricReport, metric_report
from analytics.reports.metrics.rows import MetricRow
from analytics.views.cached import OLDEST_SECONDS, cached_report
from analytics.views.forms.filters import MetricsForm
from analytics.views.metrics.figures import Shown, reservations, shown
from analytics.views.overview import kept_query
from analytics.views.report_view import ReportView, with_query

Value = TypeVar("Value")
# From so many on the figures take longer than a page may: it is there before them.
MANY_CUSTOMERS = 5_000
# Of an address: with the months, which cost more than all the rest.
MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Line:
    metric: Metric
    name: str
    url: str
    shown: Shown
    # Which file would bring what it lacks.
    lacking: str
    # No file, but the settings of metrics.
    chosen: bool


def _many_customers() -> bool:
    return Customer.objects.all()[MANY_CUSTOMERS:].exists()


class MetricsView(ReportView[MetricReport]):
    name = MetricReport.name
    counts_by_segment = True
    form: MetricsForm

    def get_form(self) -> MetricsForm:
        return MetricsForm(self.request.GET, today=self.today, dimensions=known_dimensions())

    def get_report(self) -> MetricReport:
        filters = self.form.filters()
        compute = partial(metric_report, filters, today=self.today)
        return self._cached("metrics", filters, compute, layout=(MetricReport, MetricRow))

    def get_details(self, report: MetricReport) -> dict[str, Any]:
        """The months cost more than all the rest: a browser asks for them when it has the page."""
        courses: Mapping[str, Course] = {}
        if by_month := MONTHS in self.request.GET:
            compute = partial(metric_courses, report.filters, today=self.today, draws=False)
            courses = self._cached("metric-courses", report.filters, compute, layout=(Point,))
        lines = list(self._lines(report, courses))
        return {
            "groups": [
                (GROUP_LABELS[group], [each for each in lines if each.metric.group is group])
                for group in Group
            ],
            "by_month": by_month,
            "months_url": with_query(self.request, **{MONTHS: "1"}),
            "compared": report.filters.compared,
            "narrowed": _narrowed_names() if report.filters.chooses_answers else "",
            "may_set_targets": self.request.user.may(Permission.MANAGE_SETTINGS),
            **reservations(report, today=self.today),
        }

    def _cached(
        self, name: str, filters: Filters, compute: Callable[[], Value], *, layout: Sequence[type]
    ) -> Value:
        """It costs seconds where there are many customers: all of a minute goes without."""
        return cached_report(
            name,
            filters,
            compute,
            today=self.today,
            layout=layout,
            # What is said of what is lacking is in the reader's language.
            also=(known_targets(), choices(), get_language()),
            fresh=OLDEST_SECONDS,
            waits=self.waits or MONTHS in self.request.GET or not _many_customers(),
        )

    def _lines(self, report: MetricReport, courses: Mapping[str, Course]) -> Iterator[Line]:
        show = partial(shown, currency=report.money.currency)
        rows = {row.metric: row for row in report.rows}
        kept = kept_query(self.request, without=MONTHS)
        for each in CATALOGUE:
            yield Line(
                each,
                metric_name(each.key),
                reverse("analytics:metric", args=[each.key]) + kept,
                show(rows[each.key], each, course=courses.get(each.key, ())),
                report.lacking.get(each.key, ""),
                each.is_chosen,
            )


def _narrowed_names() -> str:
    """Of the metrics that a campaign and a language narrow."""
    return _(", ").join(metric_name(each.key) for each in CATALOGUE if each.rests_on_answers)


view = MetricsView.as_view()
