"""One customer's health, and its band set by hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.models import Customer
from accounts.web.access import StaffRequest, staff_may
from analytics.domain.health.parts import Part
from analytics.labels import CAP_LABELS, STATE_LABELS, TOUCH_LABELS
from analytics.labels.measures import measure_labels
from analytics.queries.health.overrides import override_of
from analytics.reports.health.customer import OneHealth, Said, one_health
from analytics.services.health.overrides import end_override, set_band
from analytics.views.forms.health import OverrideForm

# Of the bar that is a whole score.
WIDTH = 200
# Of the picture of its history.
LINE = 480


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    by_today = "today" in request.GET
    found = one_health(pk, today=timezone.localdate(), by_today=by_today)
    if found is None:
        messages.info(request, _("This customer has no health score."))
        return redirect("analytics:health")
    return _page(request, customer, found, _form(found, None))


@staff_may(Permission.FOLLOW_UP)
@require_POST
def override(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    today = timezone.localdate()
    found = one_health(pk, today=today)
    if found is None:
        return redirect("analytics:health")
    form = _form(found, request.POST)
    if not form.is_valid():
        if request.htmx:
            context = _form_context(customer, form)
            return render(request, "components/_form.html", context, status=422)
        return _page(request, customer, found, form, status=422)
    set_band(customer, **form.cleaned_data, by=request.user, now=timezone.now(), today=today)
    messages.success(request, _("Saved."))
    return redirect("analytics:health-customer", pk)


@staff_may(Permission.FOLLOW_UP)
@require_POST
def end(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    if end_override(customer, by=request.user, now=timezone.now()):
        messages.success(request, _("Ended."))
    return redirect("analytics:health-customer", pk)


def _form(found: OneHealth, data: Any) -> OverrideForm:
    bands = [band.name for band in found.health.version.formula.bands]
    return OverrideForm(data, bands=bands, today=timezone.localdate())


def _page(
    request: StaffRequest,
    customer: Customer,
    found: OneHealth,
    form: OverrideForm,
    status: int = 200,
) -> HttpResponse:
    standing = override_of(customer.pk, on=timezone.localdate())
    may_view_people = request.user.may(Permission.VIEW_PEOPLE)
    context = {
        **health_context(found),
        "by_today": "today" in request.GET,
        "override": standing,
        # Whoever has no name is called by an address, which is not for every reader.
        "set_by": standing.created_by if standing and may_view_people else "",
        "may_override": request.user.may(Permission.FOLLOW_UP),
        "may_view_people": may_view_people,
        **_form_context(customer, form),
    }
    return render(request, "analytics/health/customer.html", context, status=status)


def health_context(found: OneHealth) -> dict[str, Any]:
    """What the customer's own page shows of it, too."""
    health = found.health
    labels = measure_labels(health.version.formula)
    bars = _bars(health.parts)
    return {
        "health": health,
        "day": found.day,
        "state": STATE_LABELS[health.state],
        "touch": TOUCH_LABELS.get(health.touch or "", ""),
        "cap": CAP_LABELS[health.capped_by] if health.capped_by else "",
        "parts": [
            (labels[part.key], part, bar) for part, bar in zip(health.parts, bars, strict=True)
        ],
        "against": found.against,
        "history": found.history,
        "lines": _lines(found.history),
    }


def _form_context(customer: Customer, form: OverrideForm) -> dict[str, Any]:
    action = reverse("analytics:health-override", args=[customer.pk])
    return {"form": form, "action": action, "submit_label": _("Set it")}


def _bars(parts: Sequence[Part]) -> list[dict[str, float]]:
    """Each contribution beginning where the one before ends: together they are the score."""
    scale = WIDTH / 100
    ends = list(accumulate(part.contribution * scale for part in parts))
    widths = [part.contribution * scale for part in parts]
    return [
        {"start": round(end - width, 1), "width": round(width, 1)}
        for end, width in zip(ends, widths, strict=True)
    ]


def _lines(history: Sequence[Said]) -> dict[str, Any]:
    """What was said, what today's formula says, and where a version changed; 100 is the top."""
    if len(history) < 2:
        return {}
    first, days = history[-1].day, (history[0].day - history[-1].day).days

    def place(said: Said) -> float:
        return round((said.day - first).days / days * LINE, 1)

    then = [(place(each), each.score) for each in history if each.score is not None]
    now = [(place(each), each.by_today) for each in history if each.by_today is not None]
    return {
        "then": " ".join(f"{x},{100 - y:.1f}" for x, y in then),
        "now": " ".join(f"{x},{100 - y:.1f}" for x, y in now),
        "changes": [f"{place(each)}" for each in history if each.is_new_version],
    }
