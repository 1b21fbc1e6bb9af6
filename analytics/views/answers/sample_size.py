"""How many answers it takes, at the spread and the likeness of the organisation's own answers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from analytics.domain.periods import last_12_months
from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.sample_size import (
    LARGEST_VARIANCE,
    POWER,
    answers_for_difference,
    answers_for_margin,
    variance,
)
from analytics.queries.filters import Filters
from analytics.reports.answers.segment_rows import SegmentRow
from analytics.reports.answers.segments import segment_report

POINTS = (5, 10, 15, 20, 30)


@dataclass(frozen=True, slots=True)
class Line:
    points: int
    margin: int
    difference: int
    # Of those asked, at the response rate of the answers; None where it is not known.
    asked: int | None


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def view(request: StaffRequest) -> HttpResponse:
    period = last_12_months(timezone.localdate())
    total = segment_report(Filters(period)).total
    known = total.reportable
    # Of too few, and where imported answers are among them, it tells nothing of those to be asked.
    rate = None if total.response_rate_low is None else total.response_rate
    context = {
        "lines": lines_of(total, rate=rate),
        "known": known,
        "total": total,
        "spread": variance(_counts(total)) if known else LARGEST_VARIANCE,
        "power": POWER,
    }
    name = "_sample_size" if request.htmx else "sample_size"
    return render(request, f"analytics/{name}.html", context)


def lines_of(total: SegmentRow, *, rate: float | None) -> list[Line]:
    """Of too few answers nothing is learnt: then the largest spread there is."""
    spread = variance(_counts(total)) if total.reportable else LARGEST_VARIANCE
    effect = (total.design_effect or 1.0) if total.reportable else 1.0
    found = []
    for points in POINTS:
        difference = answers_for_difference(points, spreads=(spread, spread), design_effect=effect)
        # One e-mail fewer would not do.
        asked = math.ceil(difference / rate) if rate else None
        margin = answers_for_margin(points, spread=spread, design_effect=effect)
        found.append(Line(points, margin, difference, asked))
    return found


def _counts(total: SegmentRow) -> Counts:
    return Counts(detractors=total.detractors, passives=total.passives, promoters=total.promoters)
