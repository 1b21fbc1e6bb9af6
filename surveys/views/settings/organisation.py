"""The set-up: who asks, from which address, in which zone and language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.access.roles import Permission
from accounts.forms.organisation import OrganisationForm
from accounts.services.organisation import organisation
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from surveys.domain.mail.sender_domain import domain_of
from surveys.forms.steps.sender import SenderCheckForm
from surveys.labels import FOUND_LABELS, PART_LABELS, SENDER_STATE_LABELS
from surveys.models import SenderCheck
from surveys.queries.organisation import zone_is_fixed
from surveys.services.organisation import ZoneIsFixed, save, why_fixed
from surveys.services.sender_check import ask_dns, check_sender, verdicts_of


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
    context = {
        "form": form,
        "submit_label": _("Save"),
        "given": sorted(settings.GIVEN_BY_ENVIRONMENT),
        **_sender(),
    }
    return form_page(
        request,
        "surveys/organisation/edit.html",
        context,
        back="accounts:settings",
        invalid=request.method == "POST",
    )


def _sender() -> dict[str, Any]:
    """What DNS said of the domain that e-mails come from, when somebody last looked."""
    domain = domain_of(settings.DEFAULT_FROM_EMAIL)
    checked = SenderCheck.objects.filter(domain=domain).first()
    verdicts = [
        (
            each,
            *PART_LABELS[each.part],
            SENDER_STATE_LABELS[each.state],
            FOUND_LABELS[each.part, each.found],
        )
        for each in (verdicts_of(checked) if checked else [])
    ]
    form = SenderCheckForm(initial={"selector": checked.selector if checked else ""})
    return {"domain": domain, "checked": checked, "verdicts": verdicts, "check_form": form}


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def check(request: StaffRequest) -> HttpResponse:
    """Asks DNS now; where it does not answer, that is what is kept."""
    form = SenderCheckForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The name of a DKIM key has letters, digits, - and _ only."))
        return redirect("surveys:organisation")
    check_sender(
        settings.DEFAULT_FROM_EMAIL,
        selector=form.cleaned_data["selector"],
        ask=ask_dns(),
        now=timezone.now(),
    )
    return redirect(f"{reverse('surveys:organisation')}#sender")
