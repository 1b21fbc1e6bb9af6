"""Improvements: what was changed on purpose, and whether it helped."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.labels import value_label
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from actions.charts.improvements import improvement_picture
from actions.domain.follow_ups.causes import Cause
from actions.forms.improvements import ConclusionForm, ImprovementForm
from actions.labels import RESULT_LABELS
from actions.models import FollowUp, Improvement
from actions.queries.improvements import origins_of
from actions.reports.improvements import Compared, compared, days_compared
from actions.services import improvements as service
from actions.views.pictures import picture_file
from analytics.exports.pictures import PICTURES
from analytics.labels.metrics import metric_name, write_change, write_end, write_metric
from analytics.queries.customers.money import known_conversion
from analytics.queries.database.snapshot import one_snapshot
from analytics.reports.metrics.rows import MetricRow
from analytics.views.cached import cached_report
from common.web.ids import id_in

ROWS = Improvement.objects.select_related("dimension", "owner", "goal")


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    today, currency = timezone.localdate(), known_conversion().currency
    # What all of them read is read once.
    with one_snapshot():
        rows = [_summary(row, _kept(row, today=today), currency=currency) for row in ROWS.all()]
    context = {
        "rows": rows,
        "may_set": request.user.may(Permission.FOLLOW_UP),
    }
    return render(request, "actions/improvements/list.html", context)


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ROWS, pk=pk)
    return _page(request, row, ConclusionForm(initial={"outcome": row.outcome}))


@staff_may(Permission.FOLLOW_UP)
@require_POST
def conclude(request: StaffRequest, pk: int) -> HttpResponse:
    row, form = get_object_or_404(ROWS, pk=pk), ConclusionForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    service.conclude(row, form.cleaned_data["outcome"], by=request.user, now=timezone.now())
    return done(request, _("Saved."), "actions:improvement-detail", pk)


@staff_may(Permission.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    initial = {"began_on": timezone.localdate(), "owner": request.user.pk}
    wanted = request.GET.get("follow_up", "")
    if not wanted:
        return _edit(request, Improvement(), initial=initial)
    found = _follow_up(id_in(wanted))
    causes = [found.root_cause] if found.root_cause not in ("", Cause.UNKNOWN) else []
    row = Improvement(causes=causes)
    return _edit(request, row, initial={**initial, "causes": causes}, answers_to=found)


@staff_may(Permission.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(ROWS, pk=pk), initial={})


@staff_may(Permission.FOLLOW_UP)
@require_POST
def unlink(request: StaffRequest, pk: int, follow_up: int) -> HttpResponse:
    row, found = get_object_or_404(ROWS, pk=pk), _follow_up(follow_up)
    service.unlink(row, found, by=request.user, now=timezone.now())
    return done(request, _("Saved."), "actions:improvement-detail", pk)


def _follow_up(pk: int | None) -> FollowUp:
    return get_object_or_404(FollowUp.objects.select_related("customer", "respondent"), pk=pk)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ROWS, pk=pk)
    if request.method == "POST":
        service.delete_improvement(row, by=request.user, now=timezone.now())
        return done(request, _("Deleted."), "actions:improvement-list")
    context = {
        "row": row,
        "text": _("The improvement is deleted with its conclusion."),
        "action": request.path,
        "button": _("Delete the improvement"),
        "back_url": reverse("actions:improvement-detail", args=[pk]),
    }
    return render(request, "actions/improvements/delete.html", context)


@staff_may(Permission.EXPORT_REPORTS)
@require_safe
def picture(request: StaffRequest, pk: int, file_type: str) -> HttpResponse:
    row = get_object_or_404(ROWS, pk=pk)
    found = compared(row, today=timezone.localdate())
    if found is None:
        raise Http404(row)
    chart = improvement_picture(row, found, currency=known_conversion().currency)
    return picture_file(chart, file_type=file_type)


def _kept(row: Improvement, *, today: dt.date) -> Compared | None:
    """Of each the list would make two reports at every view."""
    filters = days_compared(row, today=today)
    if filters is None:
        return None
    return cached_report(
        "improvement",
        filters,
        partial(compared, row, today=today),
        today=today,
        layout=(Compared, MetricRow),
        also=(row.metric, row.dimension.name, row.value, row.span_days),
    )


def _edit(
    request: StaffRequest,
    row: Improvement,
    *,
    initial: dict[str, Any],
    answers_to: FollowUp | None = None,
) -> HttpResponse:
    form, name, is_new = (
        ImprovementForm(request.POST or None, row=row, initial=initial),
        row.name,
        not row.pk,
    )
    if request.method == "POST" and form.is_valid():
        service.save_improvement(row, by=request.user, now=timezone.now(), answers_to=answers_to)
        return done(request, _("Saved."), "actions:improvement-detail", row.pk)
    back = (
        "actions:improvement-list"
        if is_new
        else reverse("actions:improvement-detail", args=[row.pk])
    )
    context = {
        "form": form, "submit_label": _("Save"), "name": name, "answers_to": answers_to,
    }  # fmt: skip
    return form_page(
        request,
        "actions/improvements/edit.html",
        context,
        back=back,
        invalid=request.method == "POST",
    )


def _page(request: StaffRequest, row: Improvement, form: ConclusionForm) -> HttpResponse:
    currency = known_conversion().currency
    found = compared(row, today=timezone.localdate())
    context = {
        **_summary(row, found, currency=currency),
        "groups": [] if found is None else _groups(row, found, currency=currency),
        "compared": found,
        "origins": origins_of(row),
        "chart": None if found is None else _chart(row, found, currency=currency),
        "form": form,
        "action": reverse("actions:improvement-conclude", args=[row.pk]),
        "submit_label": _("Save"),
        "may_set": request.user.may(Permission.FOLLOW_UP),
        "may_delete": request.user.may(Permission.MANAGE_SETTINGS),
    }
    back, invalid = "actions:improvement-list", form.is_bound
    template = "actions/improvements/detail.html"
    return form_page(request, template, context, back=back, invalid=invalid)


def _summary(row: Improvement, found: Compared | None, *, currency: str) -> dict[str, Any]:
    unit = row.definition.written_as
    change, end = (
        partial(each, unit=unit, currency=currency) for each in (write_change, write_end)
    )
    effect = found.effect if found else None
    return {
        "row": row,
        "metric": metric_name(row.metric),
        "customers": value_label(row.dimension.name, row.value),
        "result": found.result if found else "",
        "result_text": RESULT_LABELS[found.result] if found else _("Not begun"),
        "effect": change(effect.value) if effect else "",
        "limits": [end(effect.low), end(effect.high)] if effect else [],
        "expected": "" if row.expected is None else change(row.expected),
    }


def _groups(row: Improvement, found: Compared, *, currency: str) -> list[dict[str, Any]]:
    named = ((_("These customers"), found.touched), (_("All others"), found.untouched))
    return [
        _group(name, each, row.definition.written_as, currency=currency) for name, each in named
    ]


def _group(name: str, row: MetricRow, unit: str, *, currency: str) -> dict[str, Any]:
    write = partial(write_metric, unit=unit, currency=currency)
    end = partial(write_end, unit=unit, currency=currency)
    known = [each for each in (row.change_low, row.change_high) if each is not None]
    return {
        "name": name,
        "before": write(row.previous),
        "after": write(row.value),
        "counted": row.denominator,
        "change": "" if row.change is None else write_change(row.change, unit, currency=currency),
        "limits": [end(each) for each in known] if len(known) > 1 else [],
    }


def _chart(row: Improvement, found: Compared, *, currency: str) -> dict[str, Any]:
    chart = improvement_picture(row, found, currency=currency)
    links = {
        f"{kind}_url": reverse("actions:improvement-picture", args=[row.pk, kind])
        for kind in PICTURES
    }
    shown = {"id": chart.name, "title": chart.title, "alt": chart.alt(), "spec": chart.draw}
    return {**shown, **links}
