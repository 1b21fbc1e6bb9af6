"""The formulas of the health score: their versions, writing one, and putting it in force."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.access.roles import Permission
from accounts.web.access import StaffRequest, staff_may
from analytics.domain.health.formulas.faults import Fault, FormulaError
from analytics.domain.health.formulas.parsing import load, parse_formula
from analytics.domain.health.formulas.typed import LISTS, definition_of
from analytics.labels import fault_text, source_label
from analytics.queries.health.formulas import all_versions, customer_dimensions
from analytics.queries.health.known import known_sources
from analytics.reports.health.preview import preview
from analytics.services.health.formulas import (
    check_scope,
    move_formula,
    publish_formula,
    save_draft,
    save_formula,
    withdraw_formula,
)
from analytics.views.forms.formula import FormulaFields
from analytics.views.health.example import EXAMPLE
from common.web.ids import id_in

ACTS = {
    "publish": publish_formula,
    "withdraw": withdraw_formula,
    "up": lambda row, **by: move_formula(row, up=True, **by),
    "down": lambda row, **by: move_formula(row, up=False, **by),
}


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: StaffRequest) -> HttpResponse:
    """The fields, or the JSON of all of them: both write the same."""
    if request.method != "POST":
        return _page(request, _shown(request))
    act, text = request.POST.get("act", ""), request.POST.get("definition")
    try:
        definition = _typed(request) if text is None else load(text)
        kind, _colon, place = act.partition(":")
        if text is None and kind in ("add", "remove"):
            return _page(request, _changed(definition, add=kind == "add", at=place))
        formula = parse_formula(definition)
        check_scope(formula)
        if act != "save":
            found = preview(formula, today=timezone.localdate())
            return _page(request, definition, preview=found)
        saved = save_formula(definition, by=request.user, now=timezone.now())
    except FormulaError as error:
        shown = _typed(request) if text is None else _loaded(text)
        return _page(request, shown, faults=error.faults, text=text, status=422)
    said = _("%(formula)s is saved.") if saved.is_new else _("%(formula)s says the same already.")
    messages.success(request, said % {"formula": saved.row})
    return redirect("analytics:health-formulas")


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def act(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(all_versions(), pk=pk)
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
    row = get_object_or_404(all_versions(), pk=pk)
    given = zip(request.POST.getlist("key"), request.POST.getlist("weight"), strict=False)
    read = {key: id_in(weight) for key, weight in given}
    weights = {key: weight for key, weight in read.items() if weight is not None}
    try:
        saved = save_draft(row, weights, by=request.user, now=timezone.now())
    except FormulaError:
        return HttpResponse(status=400)
    text = _("%(formula)s is a draft now. Look at it, then publish it or let it be.")
    messages.success(request, text % {"formula": saved.row})
    return redirect(f"{reverse('analytics:health-formulas')}?version={saved.row.pk}")


def _typed(request: StaffRequest) -> dict[str, Any]:
    beside = {"act", "csrfmiddlewaretoken"}
    return definition_of(
        {key: str(text) for key, text in request.POST.items() if key not in beside}
    )


def _loaded(text: str) -> Any:
    try:
        return load(text)
    except FormulaError:
        return {}


def _changed(definition: dict[str, Any], *, add: bool, at: str) -> dict[str, Any]:
    """With one row more at the end of a list, or without the row of a place."""
    name, _bracket, number = at.partition("[")
    if name not in LISTS:
        return definition
    rows = list(definition.get(name, []))
    if add:
        rows.append({})
    elif (place := id_in(number[:-1])) is not None:
        del rows[place : place + 1]
    return {**definition, name: rows}


def _shown(request: StaffRequest) -> Any:
    """The version that was asked for, else the first in force, else an example."""
    asked = id_in(request.GET.get("version"))
    rows = all_versions().filter(pk=asked) if asked is not None else None
    row = rows.first() if rows is not None else all_versions().in_force().first()
    return row.definition if row else EXAMPLE


def _page(
    request: StaffRequest,
    definition: Any,
    *,
    faults: Sequence[Fault] = (),
    text: str | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    readable = definition if isinstance(definition, Mapping) else {}
    written = json.dumps(definition, indent=2, ensure_ascii=False)
    rows = all_versions()
    shown = {
        "rows": rows,
        # One alone has no order.
        "ordered": sum(each.is_in_force for each in rows) > 1,
        "fields": FormulaFields(readable, faults, customer_dimensions()),
        "sources": [(str(each), source_label(each)) for each in known_sources()],
        "faults": bool(faults),
        # Beside the JSON with their places in it.
        "text_faults": [] if text is None else [fault_text(each) for each in faults],
        "text": written if text is None else text,
        "as_text": text is not None,
        **context,
    }
    return render(request, "analytics/health/formulas.html", shown, status=status)
