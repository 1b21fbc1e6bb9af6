"""What the pages of campaigns say of their answers: figures, their course, the latest words."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.queries.customers.listing import latest_month
from accounts.web.access import StaffRequest, staff_may
from analytics.domain.answers.rates.ripeness import RIPE_DAYS
from analytics.domain.statistics.nps.counts import nps
from analytics.domain.statistics.nps.intervals import intervals
from analytics.queries.answers.campaigns import samples_of
from analytics.reports.answers.campaign import campaign_report
from analytics.views.customers.bars import bars
from analytics.views.latest_money import said_of_month
from surveys.models import Campaign
from surveys.queries.answers.responses import ResponseFilter, responses

WORDS = 5
MOST_AT_ONCE = 50


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def view(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    report = campaign_report(campaign, today=timezone.localdate())
    context = {
        "campaign": campaign,
        "report": report,
        "rate": report.asked.limits,
        "days": RIPE_DAYS,
        "bars": bars(report.course),
        "words": responses(ResponseFilter(campaign=slug, has_comment=True))[:WORDS],
        **said_of_month(latest_month()),
        "may_import": request.user.may(Permission.IMPORT_DATA),
    }
    context["currency"] = context["money"].currency
    name = "_campaign" if request.htmx else "campaign"
    return render(request, f"analytics/{name}.html", context)


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def nps_of_several(request: StaffRequest) -> HttpResponse:
    """The NPS of each campaign of a page of their list, for the places that it holds free."""
    wanted = [int(each) for each in request.GET.getlist("of") if each.isdecimal()][:MOST_AT_ONCE]
    samples = samples_of(wanted)
    limits = intervals(list(samples.values()))
    rows = [
        (pk, nps(sample.counts), sample, interval)
        for (pk, sample), interval in zip(samples.items(), limits, strict=True)
    ]
    return render(request, "analytics/_campaigns_nps.html", {"rows": rows})
