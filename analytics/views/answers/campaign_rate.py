"""How far the response rate of a campaign can be trusted, for its page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.domain.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from analytics.counting.segments import answers_by_segment
from analytics.domain.answers.rates.response_rates import ResponseRate
from analytics.domain.answers.rates.ripeness import RIPE_DAYS, unripe_part
from analytics.domain.periods import ONE_DAY, Period
from analytics.queries.database.clock import day_of
from analytics.queries.database.snapshot import one_snapshot
from analytics.queries.filters import Filters, scope_of
from surveys.models import Campaign


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def view(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    asked, coming_in = _asked_by(campaign)
    low, high = asked.limits or (None, None)
    context: dict[str, Any] = {"asked": asked, "low": low, "high": high, "coming_in": coming_in}
    context |= {"campaign": campaign, "days": RIPE_DAYS}
    name = "_campaign_rate" if request.htmx else "campaign_rate"
    return render(request, f"analytics/{name}.html", context)


@one_snapshot()
def _asked_by(campaign: Campaign) -> tuple[ResponseRate, int]:
    """What the campaign's e-mails led to so far, and how many of them may still be answered."""
    today = timezone.localdate()
    first = day_of(campaign.launched_at) if campaign.launched_at else today
    period = Period(min(first, today), today + ONE_DAY)
    answers = answers_by_segment(
        scope_of(Filters(period, campaign=campaign.slug)), periods=[period]
    )
    [found] = answers.asked(period).together().rates()
    part = unripe_part(period, today=today)
    return found, sum(answers.asked(part).mailed()) if part else 0
