"""The formulas of the health score: their versions, writing one, and putting it in force."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from analytics.domain.health.faults import FormulaError
from analytics.domain.health.parsing import load, parse_formula
from analytics.labels import fault_text
from analytics.models import HealthFormula
from analytics.reports.health.preview import preview
from analytics.services.health.formulas import (
    check_scope,
    move_formula,
    publish_formula,
    save_draft,
    save_formula,
    withdraw_formula,
)
from analytics.views.forms.health import FormulaForm
from analytics.views.health_example import EXAMPLE

ACTS = {
    "publish": publish_formula,
    "withdraw": withdraw_formula,
    "up": lambda row, **by: move_formula(row, up=True, **by),
    "down": lambda row, **by: move_formula(row, up=False, **by),
}


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, FormulaForm(initial={"definition": _shown(request)}))
    form = FormulaForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        definition = load(form.cleaned_data["definition"])
        formula = parse_formula(definition)
        check_scope(formula)
        if request.POST.get("act") != "save":
            found = preview(formula, today=timezone.localdate())
            return _page(request, form, preview=found)
        saved = save_formula(definition, by=request.user, now=timezone.now())
    except FormulaError as error:
        for fault in error.faults:
            form.add_error("definition", fault_text(fault))
        return _page(request, form, status=422)
    text = _("%(formula)s is saved.") if saved.is_new else _("%(formula)s says the same already.")
    messages.success(request, text % {"formula": saved.row})
    return redirect("analytics:health-formulas")


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def act(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(HealthFormula, pk=pk)
    wanted = ACTS.get(request.POST.get("act", ""))
    if wanted is None:
        return HttpResponse(status=400)
    try:
        wanted(row, by=request.user, now=timezone.now())
    except FormulaError as error:
        for fault in error.faults:
            messages.error(request, fault_text(fault))
    else:
        messages.success(request, _("Saved."))
    return redirect("analytics:health-formulas")


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def draft(request: StaffRequest, pk: int) -> HttpResponse:
    """From the page of the proof: the weights that it shows."""
    row = get_object_or_404(HealthFormula, pk=pk)
    given = zip(request.POST.getlist("key"), request.POST.getlist("weight"), strict=False)
    weights = {key: int(weight) for key, weight in given if weight.isdecimal()}
    try:
        saved = save_draft(row, weights, by=request.user, now=timezone.now())
    except FormulaError:
        return HttpResponse(status=400)
    text = _("%(formula)s is a draft now. Look at it, then publish it or let it be.")
    messages.success(request, text % {"formula": saved.row})
    return redirect(f"{reverse('analytics:health-formulas')}?version={saved.row.pk}")


def _shown(request: StaffRequest) -> str:
    """The version that was asked for, else the first in force, else an example."""
    asked = request.GET.get("version", "")
    rows = HealthFormula.objects.filter(pk=asked) if asked.isdecimal() else None
    row = rows.first() if rows is not None else HealthFormula.objects.in_force().first()
    return json.dumps(row.definition if row else EXAMPLE, indent=2, ensure_ascii=False)


def _page(
    request: StaffRequest, form: FormulaForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    rows = HealthFormula.objects.order_by("position", "name", "-version")
    shown = {"rows": rows, "form": form, **context}
    return render(request, "analytics/health/formulas.html", shown, status=status)
