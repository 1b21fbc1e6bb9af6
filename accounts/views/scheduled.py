"""Scheduled imports: places that files are fetched from by themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.forms.scheduled import ScheduledImportForm
from accounts.labels import reason_text
from accounts.models import ScheduledImport
from accounts.services.imports.remote import scheduled as services
from accounts.services.imports.uploads import reason_of
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may

HERE = "accounts:scheduled-list"


@staff_may(Permission.IMPORT_DATA)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    rows = ScheduledImport.objects.select_related("last_import", "created_by")
    told = [(each, reason_text(reason_of(*each.fault)) if each.fault else "") for each in rows]
    return render(request, "accounts/imports/scheduled.html", {"rows": told})


@staff_may(Permission.IMPORT_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    return _edit(request, ScheduledImport())


@staff_may(Permission.IMPORT_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(ScheduledImport, pk=pk))


def _edit(request: StaffRequest, row: ScheduledImport) -> HttpResponse:
    name, zone = row.name, timezone.get_default_timezone_name()
    form = ScheduledImportForm(request.POST or None, row=row, zone=zone)
    if request.method == "POST" and form.is_valid():
        url = form.cleaned_data["url"]
        services.save(
            form.filled(), url=url, secret=form.new_secret, by=request.user, now=timezone.now()
        )
        return done(request, _("Saved."), HERE)
    context = {
        "form": form,
        "row": row,
        "name": name,
        "may_delete": request.user.may(Permission.MANAGE_SETTINGS),
        "submit_label": _("Save"),
    }
    template = "accounts/imports/scheduled_edit.html"
    return form_page(request, template, context, back=HERE, invalid=request.method == "POST")


@staff_may(Permission.IMPORT_DATA)
@require_POST
def fetch(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ScheduledImport, pk=pk)
    if services.fetch_now(row, now=timezone.now()):
        return done(request, _("The file is being fetched; this list shows what came."), HERE)
    messages.error(request, _("It is switched off."))
    return redirect(HERE)


@staff_may(Permission.IMPORT_DATA)
@require_POST
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ScheduledImport, pk=pk)
    services.switch(row, on="on" in request.POST, by=request.user, now=timezone.now())
    return done(request, _("Saved."), HERE)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ScheduledImport, pk=pk)
    if request.method == "POST":
        services.delete(row, by=request.user, now=timezone.now())
        return done(request, _("Deleted."), HERE)
    context = {
        "row": row,
        "text": _("Nothing is fetched from there any more. What went in stays."),
        "action": reverse("accounts:scheduled-delete", args=[pk]),
        "button": _("Delete"),
        "back_url": reverse("accounts:scheduled-edit", args=[pk]),
    }
    return render(request, "accounts/imports/scheduled_delete.html", context)
