"""Segments: the attributes that reports are split by, as they are or banded by thresholds."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.forms.segments import SegmentForm
from accounts.labels import value_label
from accounts.models import Dimension
from accounts.queries.rebuilds import running_rebuild
from accounts.queries.values import MOST, attributes_in_use, values_in
from accounts.services.dimensions import (
    DimensionInUse,
    delete_dimension,
    put_first,
    save_dimension,
    uses_of,
)
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    context = {"segments": Dimension.objects.in_order(), "rebuild": running_rebuild()}
    return render(request, "accounts/segments/list.html", context)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    return _edit(request, None)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Dimension, pk=pk))


def _edit(request: StaffRequest, dimension: Dimension | None) -> HttpResponse:
    today = timezone.localdate()
    uses = uses_of(dimension) if dimension else []
    form = SegmentForm(request.POST or None, dimension=dimension, uses=uses, today=today)
    if request.method == "POST" and form.is_valid():
        save_dimension(form.dimension, by=request.user, now=timezone.now())
        return done(request, _("Saved."), "accounts:segment-edit", form.dimension.pk)
    # As it is stored: the form has written into its own.
    stored = Dimension.objects.get(pk=dimension.pk) if dimension else None
    context = {
        "form": form,
        "segment": stored,
        "values": values_in(stored, day=today) if stored else [],
        "most": MOST,
        "uses": uses,
        "attributes": sorted({name for names in attributes_in_use().values() for name in names}),
        "rebuild": running_rebuild(),
        "submit_label": _("Save"),
    }
    return form_page(
        request,
        "accounts/segments/edit.html",
        context,
        back="accounts:segment-list",
        invalid=request.method == "POST",
    )


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def preview(request: StaffRequest) -> HttpResponse:
    """What the form would make of today's customers, before it is saved."""
    today = timezone.localdate()
    data = request.GET.copy()
    # The name of the segment says nothing about its values, and may not be written yet.
    data["label"] = "–"
    form = SegmentForm(data, today=today)
    errors = [] if form.is_valid() else _told(form)
    context = {
        "segment": form.dimension,
        "errors": errors,
        "values": [] if errors else values_in(form.dimension, day=today),
        "most": MOST,
    }
    return render(request, "accounts/segments/_values.html", context)


def _told(form: SegmentForm) -> list[str]:
    """The errors of what decides the values, each with the name of its field."""
    found = ((name, texts) for name, texts in form.errors.items() if name != "label")
    return [f"{form.fields[name].label}: {' '.join(map(str, texts))}" for name, texts in found]


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    dimension = get_object_or_404(Dimension, pk=pk)
    uses = uses_of(dimension)
    if request.method == "POST" and not uses:
        try:
            delete_dimension(dimension, by=request.user, now=timezone.now())
        except DimensionInUse as refused:
            uses = list(refused.uses)
        else:
            text = _("The segment “%(label)s” was deleted.") % {"label": dimension}
            return done(request, text, "accounts:segment-list")
    named = [
        (each.name, [value_label(dimension.name, value) for value in each.values]) for each in uses
    ]
    context = {"segment": dimension, "uses": named}
    status = 409 if request.method == "POST" else 200
    return render(request, "accounts/segments/delete.html", context, status=status)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def first(request: StaffRequest, pk: int) -> HttpResponse:
    put_first(get_object_or_404(Dimension, pk=pk), by=request.user, now=timezone.now())
    return done(request, _("Saved."), "accounts:segment-list")


@staff_may(Permission.VIEW_REPORTS)
@require_safe
def rebuild(request: StaffRequest) -> HttpResponse:
    """How far the rebuild is, for the pages that show it while it runs."""
    running = running_rebuild()
    if running:
        return render(request, "components/_rebuild_progress.html", {"rebuild": running})
    context = {"shown_on": request.headers.get("HX-Current-URL", "")}
    answer = render(request, "components/_rebuild_done.html", context)
    # In place of all that was said of it, and there it is read out.
    answer.headers["HX-Reswap"] = "innerHTML"
    answer.headers["HX-Retarget"] = "#rebuild"
    return answer
