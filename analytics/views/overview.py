from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpRequest

from accounts.domain.access.roles import Permission
from accounts.queries.targets import known_targets
from analytics.domain.customers.revenue import has_month_end
from analytics.domain.verdicts import Verdict
from analytics.queries.dimensions import known_dimensions
from analytics.queries.filters import Filters
from analytics.reports.overview.figures import Figure, Overview, latest_comments, overview_report
from analytics.reports.overview.report import OverviewReport, figure_verdict
from analytics.reports.overview.sentences import icon_of, sentence
from analytics.templatetags.behind import customers_behind, invitations_behind
from analytics.views.cached import cached_report
from analytics.views.forms.filters import OverviewForm
from analytics.views.report_view import ReportView

LINE_WIDTH, LINE_HEIGHT, LINE_MARGIN = 120, 28, 3


@dataclass(frozen=True, slots=True)
class Card:
    """A figure as the page shows it; without a target it has no verdict."""

    figure: Figure
    # The months that are over, and those at the ends that are not whole.
    line: str
    dashed: tuple[str, ...]
    target: Decimal | None
    verdict: Verdict | None


class OverviewView(ReportView[OverviewReport]):
    name = OverviewReport.name
    counts_by_segment = True
    form: OverviewForm

    def get_form(self) -> OverviewForm:
        return OverviewForm(self.request.GET, today=self.today, dimensions=known_dimensions())

    def get_report(self) -> OverviewReport:
        filters = self.form.filters()
        targets = {} if filters.chooses_part else known_targets()
        return OverviewReport(_cached_overview(filters, self.today), targets)

    def get_details(self, report: OverviewReport) -> dict[str, Any]:
        found, targets_known = report.overview, bool(known_targets())
        unfinished = found.trend.unfinished(today=self.today)
        finished = [row.period not in unfinished for row in found.trend.rows]
        return {
            "total": found.total,
            "compared": found.filters.compared,
            "month_end_to_come": not has_month_end(found.trend.periods[-1]),
            "cards": {
                each.metric.value: _card(each, targets=report.targets, finished=finished)
                for each in found.figures
            },
            "targets_known": targets_known,
            "targets_left_out": targets_known and found.filters.chooses_part,
            "may_set_targets": self.request.user.may(Permission.MANAGE_SETTINGS),
            "sentences": [(sentence(each), icon_of(each)) for each in found.findings],
            "kept": kept_query(self.request),
            "filters": found.filters,
            "mrr_lost": (found.total.mrr_churned or 0.0) + (found.total.mrr_contraction or 0.0),
            "lists": self._behind(found.filters),
            # Never cached: an erased comment is gone at once.
            "comments": latest_comments(found.filters),
            "csat": found.csat.total,
        }

    def _behind(self, filters: Filters) -> dict[str, str]:
        """The lists of customers and of invitations, for whoever may see people."""
        if not self.request.user.may(Permission.VIEW_PEOPLE):
            return {}
        figures = ("churned", "mrr_start", "mrr_lost")
        found = {each: customers_behind(filters, each) for each in figures}
        return found | {"invited": invitations_behind(filters)}


view = OverviewView.as_view()


def kept_query(request: HttpRequest, *, without: str = "") -> str:
    """For the pages behind the figures, some of which would open with another period."""
    query = request.GET.copy()
    query.pop(without, None)
    if not query.get("preset") and not query.get("from"):
        query["preset"] = str(OverviewForm.default_preset)
    return f"?{query.urlencode()}"


def _cached_overview(filters: Filters, today: dt.date) -> Overview:
    compute = partial(overview_report, filters, today=today)
    return cached_report("overview", filters, compute, today=today, layout=(Overview, Figure))


def _card(figure: Figure, *, targets: Mapping[str, Decimal], finished: Sequence[bool]) -> Card:
    target = targets.get(figure.metric)
    verdict = figure_verdict(figure, target=target)
    line, dashed = sparklines(figure.course, finished=finished)
    return Card(figure, line, dashed, target, verdict)


def sparklines(
    values: Sequence[float | None], *, finished: Sequence[bool]
) -> tuple[str, tuple[str, ...]]:
    """The line through the months that are whole, and the lines from it to those that are not."""
    points = sparkline(values).split()
    known = [done for value, done in zip(values, finished, strict=True) if value is not None]
    whole = [place for place, done in enumerate(known) if done and points]
    if not whole:
        return "", (" ".join(points),) if points else ()
    ends = points[: whole[0] + 1], points[whole[-1] :]
    dashed = tuple(" ".join(each) for each in ends if len(each) > 1)
    return " ".join(points[whole[0] : whole[-1] + 1]), dashed


def sparkline(values: Sequence[float | None]) -> str:
    """The points of the line; it goes on over what is not known, which has no point of its own."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    low = min(value for _, value in known)
    spread = max(value for _, value in known) - low or 1.0
    step, height = LINE_WIDTH / (len(values) - 1), LINE_HEIGHT - 2 * LINE_MARGIN
    return " ".join(
        f"{place * step:.1f},{LINE_HEIGHT - LINE_MARGIN - (value - low) / spread * height:.1f}"
        for place, value in known
    )
