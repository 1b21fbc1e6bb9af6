"""The audit log: who did what, newest first."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.forms.access.staff import AuditFilterForm
from accounts.models import AuditEvent, StaffUser
from accounts.web.access import StaffRequest, staff_may

PER_PAGE = 100
THE_MACHINE = "0"


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    form = _form(request)
    rows = AuditEvent.objects.select_related("actor", "origin")
    if form.is_valid():
        if action := form.cleaned_data["action"]:
            rows = rows.filter(action=action)
        if actor := form.cleaned_data["actor"]:
            rows = rows.filter(actor=None if actor == THE_MACHINE else actor)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/audit/list.html", {"form": form, "page_obj": page})


def _form(request: StaffRequest) -> AuditFilterForm:
    actions = AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct()
    members: list[tuple[Any, str]] = [
        (str(user.pk), str(user)) for user in StaffUser.objects.order_by("email")
    ]
    return AuditFilterForm(
        request.GET or None, actions=list(actions), actors=[(THE_MACHINE, "Koe"), *members]
    )
