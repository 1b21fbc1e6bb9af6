"""The demo: tried on an empty installation, and cleared again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.demo import DEMO_PASSWORD, DEMO_STAFF
from accounts.domain.access.roles import Permission
from accounts.services.access.audit import record_event
from accounts.web.access import StaffRequest, staff_may
from config.celery import enqueue
from surveys.models import Demo
from surveys.services import demo

MAKE_DEMO = "surveys.tasks.make_demo"


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    row = Demo.objects.first()
    context = {
        "demo": row,
        "at_work": row is not None and demo.is_at_work(row, now=timezone.now()),
        "parts": demo.PARTS,
        "may_be_made": demo.may_be_made(),
        "added": demo.added_since(row) if row else [],
        "has_asked_others": row is not None and demo.has_asked_others(row),
        "logins": list(DEMO_STAFF),
        "password": DEMO_PASSWORD,
    }
    name = "_state" if request.htmx else "index"
    return render(request, f"surveys/demo/{name}.html", context)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def make(request: StaffRequest) -> HttpResponse:
    """Asked for twice it is made once: what waits for a worker is told to it again."""
    now = timezone.now()
    if demo.ask_for_demo(by=request.user, now=now):
        record_event(AuditAction.DEMO_MAKE, actor=request.user, now=now)
        enqueue(MAKE_DEMO)
    else:
        messages.error(request, _("Demo data goes into an empty installation only."))
    return redirect("surveys:demo")


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def clear(request: StaffRequest) -> HttpResponse:
    row = Demo.objects.first()
    if row and demo.added_since(row) and not request.POST.get("with_added"):
        messages.error(request, _("Please confirm that what was added since goes, too."))
    elif demo.clear_demo(by=request.user, now=timezone.now()):
        messages.success(request, _("The demo is cleared. Koe is empty and ready for your data."))
        return redirect("home")
    else:
        messages.error(request, _("There is no demo that can be cleared now."))
    return redirect("surveys:demo")
