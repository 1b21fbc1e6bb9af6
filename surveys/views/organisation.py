"""The set-up: who asks, from which address, in which zone and language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.domain.roles import Permission
from accounts.forms.organisation import OrganisationForm
from accounts.services.organisation import organisation
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from surveys.queries.organisation import zone_is_fixed
from surveys.services.organisation import ZoneIsFixed, save, why_fixed


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest) -> HttpResponse:
    fixed = why_fixed() if zone_is_fixed() else ""
    form = OrganisationForm(request.POST or None, row=organisation(), fixed=fixed)
    if request.method == "POST" and form.is_valid():
        try:
            save(form.instance, by=request.user, now=timezone.now(), zone_moves=form.zone_moves)
        except ZoneIsFixed as error:
            form.add_error("time_zone", str(error))
        else:
            return done(request, _("Saved."), "surveys:organisation")
    return form_page(
        request,
        "surveys/organisation/edit.html",
        {"form": form, "submit_label": _("Save"), "given": sorted(settings.GIVEN_BY_ENVIRONMENT)},
        back="accounts:settings",
        invalid=request.method == "POST",
    )
