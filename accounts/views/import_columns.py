"""The step between a file and its import: what its columns mean."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.domain.access.roles import Permission
from accounts.domain.imports.file_columns import FileKind
from accounts.forms.import_columns import ColumnsForm
from accounts.labels import reason_text
from accounts.models import Import
from accounts.services.imports import columns
from accounts.services.imports.reading.files import FileRefused
from accounts.views.imports import RUN_IMPORT
from accounts.web.access import staff_may
from config.celery import enqueue


@staff_may(Permission.IMPORT_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Import, pk=pk)
    if row.state != Import.State.COLUMNS:
        return redirect("accounts:import-detail", pk)
    kind = _kind(request.POST.get("kind") or request.GET.get("kind") or row.kind, row)
    try:
        sample = columns.sample_of_upload(row, kind)
    except FileRefused as refused:
        messages.error(request, reason_text(refused.reason))
        return redirect("accounts:import-create")
    except (OSError, ValueError):
        messages.error(request, _("This file is no longer here. Please upload it again."))
        return redirect("accounts:import-create")
    form = ColumnsForm(request.POST or None, sample=sample)
    if request.method == "POST" and form.is_valid():
        if columns.explain(pk, sample, form.said()):
            enqueue(RUN_IMPORT, pk)
        return redirect("accounts:import-detail", pk)
    context = {
        "import": row,
        "form": form,
        "kind": kind.value,
        "kind_label": Import.Kind(kind).label,
        "kinds": Import.Kind.choices,
        "likely": sample.likely and (sample.likely.value, Import.Kind(sample.likely).label),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/imports/columns.html", context, status=status)


def _kind(asked: str, row: Import) -> FileKind:
    return FileKind(asked) if asked in Import.Kind.values else FileKind(row.kind)
