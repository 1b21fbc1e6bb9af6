"""Imports: upload a file, watch it come in, read what was wrong with it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.roles import Permission
from accounts.forms.imports import ImportForm
from accounts.labels import reason_text
from accounts.models import Import
from accounts.queries.exports import EXPORTS
from accounts.services.imports import uploads
from accounts.services.imports.examples import column_help, example_rows
from accounts.web.access import StaffRequest, staff_may
from common.spreadsheets.download import csv_file
from config.celery import enqueue

RUN_IMPORT = "accounts.tasks.run_import"
SHOWN_ERRORS = 100
PER_PAGE = 50


@staff_may(Permission.IMPORT_DATA)
@require_safe
def import_list(request: StaffRequest) -> HttpResponse:
    rows = Import.objects.select_related("created_by").defer("errors")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    may = request.user.may
    context = {
        "page_obj": page,
        "exports": [
            (kind, Import.Kind(kind).label) for kind in EXPORTS if may(Permission.VIEW_PEOPLE)
        ],
        "may_export_responses": may(Permission.EXPORT_RESPONSES),
    }
    return render(request, "accounts/imports/list.html", context)


@staff_may(Permission.IMPORT_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def import_create(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row = uploads.accept(
            data["file"],
            kind=FileKind(data["kind"]),
            dry_run=data["dry_run"],
            skip_bad_rows=data["skip_bad_rows"],
            by=request.user,  # type: ignore[arg-type]
        )
        enqueue(RUN_IMPORT, row.pk)
        return redirect("accounts:import-detail", row.pk)
    return _form_page(request, form)


def _form_page(request: HttpRequest, form: ImportForm) -> HttpResponse:
    invalid = request.method == "POST"
    alone = invalid and request.htmx  # type: ignore[attr-defined]
    template = f"accounts/imports/{'_form' if alone else 'create'}.html"
    context = {"form": form, "kinds": [_kind_help(kind) for kind in FileKind]}
    return render(request, template, context, status=422 if invalid else 200)


def _kind_help(kind: FileKind) -> dict[str, object]:
    return {"value": kind.value, "label": Import.Kind(kind).label, "columns": column_help(kind)}


@staff_may(Permission.IMPORT_DATA)
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Import.objects.select_related("created_by"), pk=pk)
    found = uploads.errors_of(row)
    context = {
        "import": row,
        "active": row.state in uploads.ACTIVE,
        "done": row.created + row.updated + row.unchanged + row.bad_rows,
        "file_error": next((reason_text(each.reason) for each in found if not each.line), ""),
        "errors": [
            (
                each.line,
                each.field,
                str(dict(each.reason.params).get("value", "")),
                reason_text(each.reason),
            )
            for each in found[:SHOWN_ERRORS]
            if each.line
        ],
        "hidden_errors": max(row.bad_rows - SHOWN_ERRORS, 0),
        "next_step": _next_step(row),
    }
    template = f"accounts/imports/{'_result' if request.htmx else 'detail'}.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _next_step(row: Import) -> tuple[str, str] | None:
    """Where one goes on when all that there was to do here is done."""
    if row.state != Import.State.DONE or row.dry_run:
        return None
    if row.kind == FileKind.CUSTOMERS:
        return reverse("accounts:import-create"), _("Next: import their respondents")
    if row.kind == FileKind.RESPONDENTS:
        return reverse("surveys:campaign-create"), _("Next: ask them")
    if row.kind == FileKind.RESPONSES:
        return reverse("surveys:response-list"), _("Next: read the responses")
    return reverse("customers:list"), _("Next: see the customers")


@staff_may(Permission.IMPORT_DATA)
@require_POST
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """After a check: bring the same file in."""
    get_object_or_404(Import, pk=pk)
    if uploads.go_ahead(pk):
        enqueue(RUN_IMPORT, pk)
    else:
        messages.error(request, _("This file is no longer here. Please upload it again."))
    return redirect("accounts:import-detail", pk)


@staff_may(Permission.IMPORT_DATA)
@require_safe
def import_errors(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Import, pk=pk)
    errors = ((e.line, e.field, reason_text(e.reason)) for e in uploads.errors_of(row))
    return csv_file(f"import-{row.pk}-errors", ["line", "field", "reason"], errors)


@staff_may(Permission.IMPORT_DATA)
@require_safe
def import_example(request: HttpRequest, kind: FileKind) -> HttpResponse:
    header, *rows = example_rows(kind)
    return csv_file(f"koe-{kind}", header, rows)
