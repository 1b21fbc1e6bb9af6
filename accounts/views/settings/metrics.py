"""The settings of metrics: what their definitions leave to the organisation."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.domain.access.roles import Permission
from accounts.forms.metrics import MetricSettingsForm
from accounts.queries.metrics import metric_settings
from accounts.services.metrics import save_metric_settings
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest) -> HttpResponse:
    form = MetricSettingsForm(request.POST or None, settings=metric_settings())
    if request.method == "POST" and form.is_valid():
        save_metric_settings(form.wanted(), by=request.user, now=timezone.now())
        return done(request, _("Saved."), "accounts:metric-settings")
    return form_page(
        request,
        "accounts/settings/metrics.html",
        {"form": form, "submit_label": _("Save")},
        back="accounts:settings",
        invalid=request.method == "POST",
    )
