from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from hashlib import blake2b

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import staff_may
from accounts.domain.roles import Permission
from accounts.domain.targets import Metric
from accounts.models import Dimension, Import
from accounts.queries.targets import known_targets
from analytics.domain.revenue import has_month_end
from analytics.domain.verdicts import Light
from analytics.reports.overview import Figure, Overview, latest_comments, overview_report
from analytics.reports.overview_file import OverviewFile, verdict
from analytics.reports.sentences import mark, sentence
from analytics.views.downloads import download
from analytics.views.report_cache import kept
from analytics.views.shared import page_context

LINE_WIDTH, LINE_HEIGHT, LINE_MARGIN = 120, 28, 3


@dataclass(frozen=True, slots=True)
class Card:
    """A figure as the page shows it; without a target it has no light."""

    figure: Figure
    line: str
    target: Decimal | None
    light: Light | None


@staff_may(Permission.VIEW_SEGMENTS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    report = _kept_report()
    targets = known_targets()
    name = f"overview-{report.period.start}-{report.period.last_day}"
    if file := download(request, report=OverviewFile(report, targets), drawings={}, name=name):
        return file
    context = page_context(
        request,
        page="overview",
        report=report,
        total=report.total,
        compared=report.filters.compared,
        month_end_to_come=not has_month_end(report.trend.periods[-1]),
        cards={each.metric.value: _card(each, targets=targets) for each in report.figures},
        targets_known=bool(targets),
        may_set_targets=request.user.may(Permission.MANAGE_SETTINGS),  # type: ignore[union-attr]
        sentences=[(sentence(each), mark(each)) for each in report.findings],
        # Never kept: an erased comment is gone at once.
        comments=latest_comments(),
    )
    return render(request, "analytics/overview.html", context)


def _kept_report() -> Overview:
    today = timezone.localdate()
    key = f"overview:{today}:{_mark_of_changes()}"
    return kept(key, partial(overview_report, today=today), clock=time.time)


def _mark_of_changes() -> str:
    """What staff change themselves they expect to see at once; answers may take a minute."""
    imported = Import.objects.aggregate(Max("finished_at"))["finished_at__max"]
    dimensions = list(Dimension.objects.values_list())
    # The layout belongs to it: a new version must not be handed what an older one kept.
    layout = (*Overview.__slots__, *Figure.__slots__)
    return blake2b(repr((imported, dimensions, layout)).encode(), digest_size=10).hexdigest()


def _card(figure: Figure, *, targets: Mapping[Metric, Decimal]) -> Card:
    target = targets.get(figure.metric)
    return Card(figure, sparkline(figure.course), target, verdict(figure, target=target))


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
