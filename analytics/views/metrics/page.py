"""One metric: by month, by segment, what it means, and who stands behind it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.domain.access.roles import Permission
from accounts.models import Dimension
from analytics.counting.behind import Asked, customers_behind
from analytics.domain.metrics.catalogue import ANSWERS, BY_KEY, Metric, Unit
from analytics.domain.periods import Period
from analytics.labels import segment_label
from analytics.labels.metrics import interval_words, metric_name
from analytics.queries.dimensions import known_dimensions
from analytics.reports.answers.csat import CATEGORIES
from analytics.reports.metrics.course import OneMetric, one_metric
from analytics.reports.metrics.csat import KEYS as CSAT_KEYS
from analytics.templatetags.behind import Segment
from analytics.views.forms.filters import MetricForm
from analytics.views.metrics.behind import label_of, url_of
from analytics.views.metrics.figures import Opens, figure, reservations, scale_of_metric, shown
from analytics.views.overview import kept_query
from analytics.views.report_view import ReportView

# What a list is of, how many it has, and its address.
Behind = tuple[str, int, str]


class MetricView(ReportView[OneMetric]):
    name = OneMetric.name
    template = "analytics/metric.html"
    counts_by_segment = True
    form: MetricForm

    @property
    def metric(self) -> Metric:
        found = BY_KEY.get(self.kwargs["key"])
        if found is None:
            raise Http404(self.kwargs["key"])
        return found

    def get_form(self) -> MetricForm:
        """Customers have none of the attributes of respondents."""
        dimensions = [
            each
            for each in known_dimensions()
            if self.metric.about_answers or each.source == Dimension.Source.CUSTOMER
        ]
        return MetricForm(
            self.request.GET,
            today=self.today,
            dimensions=dimensions,
            of_answers=self.metric.rests_on_answers,
        )

    def get_report(self) -> OneMetric:
        return one_metric(self.form.filters(), self.metric, today=self.today)

    def get_details(self, report: OneMetric) -> dict[str, Any]:
        metric, (total, *segments) = report.metric, report.report.rows
        scale, currency = scale_of_metric(report.report.rows, metric), report.money.currency
        draw = partial(figure, metric=metric, currency=currency, scale=scale)
        show = partial(shown, metric=metric, currency=currency, scale=scale)
        return {
            "metric": metric,
            "metric_name": metric_name(metric.key),
            "definition": _(metric.definition),
            "interval_words": interval_words(metric),
            "total": show(total, opens=self._opens(report)),
            "rows": [
                (
                    segment_label(row.segment),
                    show(row, opens=self._opens(report, segment=row.segment)),
                )
                for row in segments
            ],
            "points": [
                (each, draw(each, opens=self._opens(report, period=each.days)))
                for each in reversed(report.course)
            ],
            "drawn": any(each.value is not None for each in report.course),
            "lacking": report.report.lacking.get(metric.key, ""),
            "is_chosen": metric.is_chosen,
            "compared": report.filters.compared,
            "lists": self._lists(report),
            "csat_url": _csat_url(self.request) if metric.key in CSAT_KEYS else "",
            "all_metrics": reverse("analytics:metrics") + kept_query(self.request),
            "untouched": not metric.rests_on_answers
            and any(self.request.GET.get(name) for name in ("campaign", "language")),
            "may_set_targets": self.request.user.may(Permission.MANAGE_SETTINGS),
            **reservations(report.report, today=self.today),
        }

    def _may_see_lists(self, metric: Metric) -> bool:
        of_answers = metric.behind[0].startswith(ANSWERS)
        needed = Permission.VIEW_COMMENTS if of_answers else Permission.VIEW_PEOPLE
        return self.request.user.may(needed)

    def _opens(
        self, report: OneMetric, *, segment: Segment | None = None, period: Period | None = None
    ) -> Opens | None:
        """Of a row: the lists that have as many rows as it counts."""
        metric = report.metric
        if not metric.counts_rows or not self._may_see_lists(metric):
            return None
        return lambda place: url_of(metric.behind[place], report.filters, segment, period)

    def _lists(self, report: OneMetric) -> list[Behind]:
        total = report.report.rows[0]
        if total.value is None or not self._may_see_lists(report.metric):
            return []
        return [
            (label_of(name), self._number(name, report), url_of(name, report.filters))
            for name in report.metric.behind
        ]

    def _number(self, name: str, report: OneMetric) -> int:
        """As the total has it, else counted as the list counts it."""
        metric, total = report.metric, report.report.rows[0]
        place = metric.behind.index(name)
        if metric.counts_rows and metric.unit is Unit.SHARE and place < 2:
            found = (total.denominator, total.numerator)[place]
            if found is not None:
                return found
        if name.startswith(ANSWERS):
            return _answers(report, name)
        return len(customers_behind(Asked(name, report.filters, self.today)))


def _csat_url(request: HttpRequest) -> str:
    """By category of NPS it is a report of its own."""
    return reverse("analytics:csat") + kept_query(request)


def _answers(report: OneMetric, name: str) -> int:
    """Of NPS by category; else those that the total counts."""
    segments, kind = report.report.segments, name.partition(":")[2]
    if segments is not None and kind in CATEGORIES:
        found: int = getattr(segments.total, f"{kind}s")
        return found
    return report.report.rows[0].denominator or 0


view = MetricView.as_view()
