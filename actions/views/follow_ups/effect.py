"""The page of what following up does: how fast, why, and what came after."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.models import Dimension
from accounts.web.access import StaffRequest, staff_may
from actions.forms.follow_ups.effect import EffectForm
from actions.reports.follow_ups import FollowUpReport, follow_up_report
from analytics.views.downloads import download
from analytics.views.report_view import with_query

FILES = ("csv", "json")
OUTCOMES = {
    "next_score": _("Next score against this one"),
    "retention": _("Still a customer after 180 days"),
}


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def effect(request: StaffRequest) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    dimensions = [(each.name, str(each)) for each in Dimension.objects.all()]
    form = EffectForm(request.GET, today=today, dimensions=dimensions)
    if not form.is_valid():
        return render(request, "actions/follow_ups/effect.html", {"form": form}, status=422)
    by = form.cleaned_data["by"]
    report = follow_up_report(form.period, by=by, now=now, today=today)
    if wanted := request.GET.get("format"):
        if wanted not in FILES:
            raise Http404(wanted)
        return download(request, report=report, today=today, chosen=form.chosen())
    form.show_chosen()
    context = {
        "form": form,
        "report": report,
        "times": _times(report),
        "observed": [(OUTCOMES[each.outcome], each) for each in report.observed],
        "trial": [(OUTCOMES[each.outcome], each) for each in report.trial],
        "files": [(each.upper(), with_query(request, format=each)) for each in FILES],
        "today": today,
    }
    return render(request, "actions/follow_ups/effect.html", context)


def _times(report: FollowUpReport) -> list[tuple[Any, Any, Any]]:
    return [
        (_("First contact"), report.first_contact, report.contacted_in_time),
        (pgettext_lazy("follow-up", "Closed"), report.closing, report.closed_in_time),
    ]
