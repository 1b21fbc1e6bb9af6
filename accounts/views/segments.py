"""Segments: the attributes that reports are split by, as they are or banded by thresholds."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest, staff_may
from accounts.domain.roles import Permission
from accounts.forms import SegmentForm
from accounts.models import Dimension
from accounts.queries.values import MOST, attributes_in_use, values_in
from accounts.services.dimensions import delete_dimension, save_dimension
from accounts.views.pages import done, form_page


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    return render(request, "accounts/segments/list.html", {"segments": Dimension.objects.all()})


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    return _edit(request, None)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Dimension, pk=pk))


def _edit(request: StaffRequest, dimension: Dimension | None) -> HttpResponse:
    form = SegmentForm(request.POST or None, dimension=dimension)
    if request.method == "POST" and form.is_valid():
        save_dimension(form.dimension, by=request.user, now=timezone.now())
        return done(request, _("Saved."), "accounts:segment-edit", form.dimension.pk)
    context = {
        "form": form,
        "segment": dimension,
        "values": values_in(Dimension.objects.get(pk=dimension.pk)) if dimension else [],
        "most": MOST,
        "attributes": sorted({name for names in attributes_in_use().values() for name in names}),
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
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    dimension = get_object_or_404(Dimension, pk=pk)
    if request.method == "POST":
        delete_dimension(dimension, by=request.user, now=timezone.now())
        text = _("The segment “%(label)s” is gone.") % {"label": dimension}
        return done(request, text, "accounts:segment-list")
    return render(request, "accounts/segments/delete.html", {"segment": dimension})
