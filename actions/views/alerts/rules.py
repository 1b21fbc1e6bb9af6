"""Settings of alerts: who is told of which answers, beside the owner."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.access.roles import Permission
from accounts.queries.money.currency import conversion
from accounts.views.settings.pages import done
from accounts.web.access import StaffRequest, staff_may
from actions.forms.alerts.rules import AlertForm
from actions.models import AlertRule, Channel
from actions.queries.alerts.dry_run import try_alert
from actions.queries.deliveries.log import channels_shown, failed_mails
from actions.services.alerts import rules as services

HERE = "actions:alert-list"


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    rows = AlertRule.objects.select_related("dimension").prefetch_related("staff", "channels")
    context = {
        "rules": rows,
        "channels": channels_shown(now=now),
        "failed_mails": failed_mails(now=now),
        "currency": conversion().currency,
    }
    return render(request, "actions/alerts/index.html", context)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    return _edit(request, AlertRule(name="", group=""))


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(AlertRule.objects.select_related("dimension"), pk=pk))


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def test(request: StaffRequest, pk: int) -> HttpResponse:
    number = services.try_receivers(get_object_or_404(AlertRule, pk=pk), now=timezone.now())
    text = ngettext(
        "%(number)s test is on its way.", "%(number)s tests are on their way.", number
    ) % {"number": number}
    messages.success(request, text)
    return redirect("actions:alert-edit", pk)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(AlertRule, pk=pk)
    if request.method == "POST":
        services.delete_rule(rule, by=request.user, now=timezone.now())
        return done(request, _("Deleted."), HERE)
    context = {
        "title": rule.name,
        "text": _("Delete the rule %(name)s? Nobody is told by it any more.") % {"name": rule.name},
        "action": reverse("actions:alert-delete", args=[pk]),
        "button": _("Delete the rule"),
        "back_url": reverse("actions:alert-edit", args=[pk]),
    }
    return render(request, "actions/alerts/delete.html", context)


def _edit(request: StaffRequest, rule: AlertRule) -> HttpResponse:
    """Saves it; `try` alone counts what it would have done, and writes nothing."""
    name = rule.name
    form = AlertForm(request.POST or None, rule=rule)
    tried = None
    if request.method == "POST" and form.is_valid():
        found = form.filled()
        if "try" not in request.POST:
            _save(found, form, request)
            return done(request, _("Saved."), HERE)
        tried = try_alert(found.asks, now=timezone.now())
    invalid = request.method == "POST" and tried is None
    context = {"form": form, "rule": rule, "name": name, "tried": tried}
    context["has_channels"] = Channel.objects.exists()
    return render(request, "actions/alerts/edit.html", context, status=422 if invalid else 200)


def _save(rule: AlertRule, form: AlertForm, request: StaffRequest) -> None:
    data: dict[str, Any] = form.cleaned_data
    services.save_rule(
        rule,
        staff=list(data["staff"]),
        channels=list(data.get("channels", ())),
        by=request.user,
        now=timezone.now(),
    )
