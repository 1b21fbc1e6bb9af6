"""Targets: what the metrics shall be, and what came true of what was said of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.domain.access.roles import Permission
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from actions.services.targets import save_targets
from analytics.domain.metrics.catalogue import BY_KEY
from analytics.domain.metrics.said import SPAN, Said
from analytics.labels.metrics import metric_name, write_metric
from analytics.queries.customers.money import known_conversion
from analytics.queries.target_statuses import graded_statuses
from analytics.views.forms.targets import TargetsForm
from config.celery import enqueue

STATUSES: dict[str, str | Promise] = {
    "met": gettext_lazy("Target met"),
    "missed": gettext_lazy("Target not met"),
    "open": gettext_lazy("Too early to tell"),
}
FORETOLD = ("met", "missed")
SHOWN = 60


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest) -> HttpResponse:
    currency = known_conversion().currency
    form = TargetsForm(request.POST or None, currency=currency)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        save_targets(form.wanted(), by=request.user, now=now, today=timezone.localdate(now))
        enqueue("actions.tasks.read_goals")
        return done(request, _("Saved."), "targets")
    said = graded_statuses()
    context = {
        "form": form,
        "submit_label": _("Save"),
        "graded": [each for each in map(_counted(said), FORETOLD) if each["graded"]],
        "said": [_row(each, currency=currency) for each in said[:SHOWN]],
        "weeks": SPAN.days // 7,
    }
    return form_page(
        request,
        "actions/goals/targets.html",
        context,
        back="accounts:settings",
        invalid=request.method == "POST",
    )


def _counted(said: list[Said]) -> Any:
    """Of a status how often it can be graded, and how often it came true."""

    def counted(status: str) -> dict[str, Any]:
        graded = [each.came_true for each in said if each.status == status]
        known = [each for each in graded if each is not None]
        return {"status": STATUSES[status], "graded": len(known), "true": sum(known)}

    return counted


def _row(said: Said, *, currency: str) -> dict[str, Any]:
    unit = BY_KEY[said.metric].unit
    written = {
        name: write_metric(value, unit, currency=currency)
        for name, value in (("target", said.target), ("value", said.value), ("later", said.later))
    }
    return {
        "day": said.day,
        "metric": metric_name(said.metric),
        "status": STATUSES.get(said.status, "–"),
        "came_true": said.came_true,
        **written,
    }
