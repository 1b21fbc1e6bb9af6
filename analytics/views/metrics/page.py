"""One metric: by month, by segment, what it means, and who stands behind it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.domain.roles import Permission
from accounts.models import Dimension
from analytics.counting.behind import COUNTED, FIGURES, Asked, customers_behind
from analytics.domain.metrics.catalogue import ANSWERS, BY_KEY, INVITATIONS, Metric
from analytics.labels import segment_label
from analytics.labels.metrics import interval_words, metric_name
from analytics.queries.dimensions import known_dimensions
from analytics.queries.filters import Filters
from analytics.reports.metrics.course import OneMetric, one_metric
from analytics.templatetags import behind
from analytics.views.forms.filters import MetricForm
from analytics.views.metrics.behind import LABELS
from analytics.views.metrics.figures import figure, reservations, scale_of_metric, shown
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
        return MetricForm(self.request.GET, today=self.today, dimensions=dimensions)

    def get_report(self) -> OneMetric:
        return one_metric(self.form.filters(), self.metric, today=self.today)

    def get_details(self, report: OneMetric) -> dict[str, Any]:
        metric, (total, *segments) = report.metric, report.report.rows
        scale, currency = scale_of_metric(report.report.rows, metric), report.money.currency
        show = partial(shown, metric=metric, currency=currency, scale=scale)
        return {
            "metric": metric,
            "metric_name": metric_name(metric.key),
            "definition": _(metric.definition),
            "interval_words": interval_words(metric),
            "total": show(total),
            "rows": [(segment_label(row.segment), show(row)) for row in segments],
            "points": [
                (each, figure(each, metric, currency=currency, scale=scale))
                for each in reversed(report.course)
            ],
            "drawn": any(each.value is not None for each in report.course),
            "lacking": report.report.lacking.get(metric.key, ""),
            "is_chosen": metric.is_chosen,
            "compared": report.filters.compared,
            "lists": self._lists(report) if self._may_see_lists(metric) else [],
            "all_metrics": reverse("analytics:metrics") + kept_query(self.request),
            "may_set_targets": self.request.user.may(Permission.MANAGE_SETTINGS),
            **reservations(report.report, today=self.today),
        }

    def _may_see_lists(self, metric: Metric) -> bool:
        needed = Permission.VIEW_COMMENTS if ANSWERS in metric.behind else Permission.VIEW_PEOPLE
        return self.request.user.may(needed)

    def _lists(self, report: OneMetric) -> list[Behind]:
        """Counted as the list counts them, so that it has as many rows."""
        total = report.report.rows[0]
        if total.value is None:
            return []
        own = [f"{what}:{report.metric.key}" for what in COUNTED]
        names = report.metric.behind or [each for each in own if each in FIGURES]
        return [self._list(name, report.filters, number=total.denominator or 0) for name in names]

    def _list(self, name: str, filters: Filters, *, number: int) -> Behind:
        if name == ANSWERS:
            return _("Answers"), number, behind.responses_behind(filters)
        if name == INVITATIONS:
            return _("Invitations"), number, behind.invitations_behind(filters)
        number = len(customers_behind(Asked(name, filters, self.today)))
        label = str(LABELS[name.partition(":")[0]])
        return label, number, behind.customers_behind(filters, name)


view = MetricView.as_view()
