"""What goes out in the next twelve months: of all campaigns, and with one that is a draft yet."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from surveys.domain.states import UNFINISHED
from surveys.models import Campaign
from surveys.queries.campaigns.year import year_ahead


@staff_may(Permission.VIEW_CAMPAIGNS)
@require_safe
def calendar(request: StaffRequest) -> HttpResponse:
    context = {"year": year_ahead(now=timezone.now())}
    return render(request, "surveys/campaigns/calendar.html", context)


@staff_may(Permission.VIEW_CAMPAIGNS)
@require_safe
def year(request: StaffRequest, slug: str) -> HttpResponse:
    """With the campaign as it is set up now, also where it is not launched."""
    campaign = get_object_or_404(Campaign, slug=slug, state__in=UNFINISHED)
    context = {"campaign": campaign, "year": year_ahead(now=timezone.now(), beside=campaign)}
    name = "_year" if request.htmx else "year"
    return render(request, f"surveys/campaigns/{name}.html", context)
