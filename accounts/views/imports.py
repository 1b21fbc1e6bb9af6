"""Imports: upload a file, watch it come in, read what was wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.reasons import ReasonCode
from accounts.forms.imports import ImportForm
from accounts.labels import reason_text
from accounts.models import Import
from accounts.queries.exports import EXPORTS
from accounts.services.imports import uploads
from accounts.services.imports.examples import column_help, example_rows
from accounts.services.imports.forgetting import ACTIVE
from accounts.services.imports.rows import parts
from accounts.services.imports.skipped import what_is_missed
from accounts.services.imports.undo.whole import ask_for, is_undoable_at_all, obstacle
from accounts.web.access import StaffRequest, staff_may
from common.spreadsheets.download import Busy, Download, Row, csv_file, csv_response
from config.celery import enqueue

RUN_IMPORT = "accounts.tasks.run_import"
SHOWN_ERRORS = 100
SHOWN_CHANGES = 50
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
            dry_run=True,
            skip_bad_rows=False,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        if row.state == Import.State.COLUMNS:
            return redirect("accounts:import-columns", row.pk)
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
    template = f"accounts/imports/{'_result' if request.htmx else 'detail'}.html"  # type: ignore[attr-defined]
    return render(request, template, _told(row))


def _told(row: Import) -> dict[str, object]:
    active = row.state in ACTIVE
    context = {
        "import": row,
        "active": active,
        "done": row.created + row.updated + row.unchanged + row.bad_rows,
        "writes": row.created + row.updated,
    }
    if active:
        return context
    found = uploads.errors_of(row)
    titles = _titles(row)
    return context | {
        "file_error": next((reason_text(each.reason) for each in found if not each.line), ""),
        "errors": [
            (
                each.line,
                titles.get(each.field, each.field),
                str(dict(each.reason.params).get("value", "")),
                reason_text(each.reason),
            )
            for each in found[:SHOWN_ERRORS]
            if each.line
        ],
        "hidden_errors": max(row.bad_rows - SHOWN_ERRORS, 0),
        "changes": list(islice(_changes(row), SHOWN_CHANGES)),
        "missed": what_is_missed(row),
        "asks_zeros": any(each.reason.code == ReasonCode.ID_ZEROS for each in found),
        "undo": is_undoable_at_all(row),
        "undo_obstacle": _obstacle(row),
        "next_step": _next_step(row),
    }


def _obstacle(row: Import) -> str:
    """Why it cannot be taken back, as far as that is known beforehand or from the last try."""
    why = obstacle(row) if is_undoable_at_all(row) else None
    if why is None and row.obstacle:
        why = uploads.reason_of(*row.obstacle)
    return reason_text(why) if why else ""


def _titles(row: Import) -> dict[str, str]:
    """What the file calls each column."""
    return {name: title or name for name, title in row.columns}


def _changes(row: Import) -> Iterator[tuple[str, str, str, str]]:
    titles = _titles(row)
    for name, column, before, after, _empties in parts.items(row, parts.Kind.CHANGES):
        yield name, titles.get(str(column), str(column)), before, after


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
    gone = _("This file is no longer here. Please upload it again.")
    return _act(request, pk, lambda: uploads.go_ahead(pk, now=timezone.now()), otherwise=gone)


@staff_may(Permission.IMPORT_DATA)
@require_POST
def import_zeros(request: HttpRequest, pk: int) -> HttpResponse:
    """Of ids that differ by leading zeros only: they are of two customers."""
    gone = _("This file is no longer here. Please upload it again.")
    return _act(request, pk, lambda: uploads.count_zeros(pk, now=timezone.now()), otherwise=gone)


@staff_may(Permission.IMPORT_DATA)
@require_POST
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    over = _("It can no longer be cancelled: it is done, or about to be.")
    return _act(request, pk, lambda: uploads.cancel(pk, now=timezone.now()), otherwise=over)


@staff_may(Permission.IMPORT_DATA)
@require_POST
def import_undo(request: StaffRequest, pk: int) -> HttpResponse:
    late = _("This import cannot be taken back any more.")
    return _act(request, pk, lambda: ask_for(pk, by=request.user), otherwise=late)


def _act(request: HttpRequest, pk: int, act: Callable[[], bool], *, otherwise: str) -> HttpResponse:
    """What it waits for from here on, a worker does."""
    get_object_or_404(Import, pk=pk)
    if act():
        enqueue(RUN_IMPORT, pk)
    else:
        messages.error(request, otherwise)
    return redirect("accounts:import-detail", pk)


@staff_may(Permission.IMPORT_DATA)
@require_POST
def import_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Import, pk=pk)
    uploads.dismiss(pk, now=timezone.now())
    return redirect("accounts:import-detail", pk)


@staff_may(Permission.IMPORT_DATA)
@require_POST
def import_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """After a look at what the file would do: it is not brought in, and forgotten."""
    row = get_object_or_404(Import, pk=pk)
    if uploads.leave(pk):
        messages.success(
            request, _("%(file)s was left: nothing of it was saved.") % {"file": row.file_name}
        )
        return redirect("accounts:import-list")
    return redirect("accounts:import-detail", pk)


@staff_may(Permission.IMPORT_DATA)
@require_safe
def import_errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bad rows as they stand in the file, each with what is wrong with it."""
    row = get_object_or_404(Import, pk=pk)
    titles = [title for _name, title in row.columns]
    header = [*titles, pgettext("file", "Koe: line"), pgettext("file", "Koe: what is wrong")]
    return _download(request, row, "errors", header, _bad_rows(row, width=len(titles)))


def _bad_rows(row: Import, *, width: int) -> Iterator[list[object]]:
    titles = _titles(row)
    found = parts.items(row, parts.Kind.BAD)
    for line, errors in groupby(found, key=lambda each: each[0]):
        wrong = list(errors)
        cells = (wrong[0][-1] + [""] * width)[:width]
        said = (
            f"{titles.get(field, field)}: {reason_text(uploads.reason_of(code, params))}"
            for _line, field, code, params, _cells in wrong
        )
        yield [*cells, line, "; ".join(said)]


@staff_may(Permission.IMPORT_DATA)
@require_safe
def import_changes(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(Import, pk=pk)
    header = [_("Row"), _("Column"), _("Before"), _("After")]
    return _download(request, row, "changes", header, _changes(row))


def _download(
    request: HttpRequest, row: Import, name: str, header: Row, rows: Iterable[Row]
) -> HttpResponseBase:
    try:
        return csv_response(Download(f"import-{row.pk}-{name}", name, header, rows))
    except Busy:
        messages.error(request, _("Other downloads are in progress. Please try again in a minute."))
        return redirect("accounts:import-detail", row.pk)


@staff_may(Permission.IMPORT_DATA)
@require_safe
def import_example(request: HttpRequest, kind: FileKind) -> HttpResponse:
    header, *rows = example_rows(kind)
    return csv_file(f"koe-{kind}", header, rows)
