"""Targets: what the metrics shall be."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.domain.roles import Permission
from accounts.services.targets import save_targets
from accounts.views.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from analytics.queries.customers.money import known_conversion
from analytics.views.forms.targets import TargetsForm


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest) -> HttpResponse:
    form = TargetsForm(request.POST or None, currency=known_conversion().currency)
    if request.method == "POST" and form.is_valid():
        save_targets(form.wanted(), by=request.user, now=timezone.now())
        return done(request, _("Saved."), "targets")
    return form_page(
        request,
        "analytics/targets.html",
        {"form": form, "submit_label": _("Save")},
        back="accounts:settings",
        invalid=request.method == "POST",
    )
