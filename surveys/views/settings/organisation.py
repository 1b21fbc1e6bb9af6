"""The set-up: who asks, from which address, in which zone and language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
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
from surveys.domain.mail.sender_domain import anchor_of
from surveys.forms.steps.sender import SenderCheckForm, SenderDomainForm
from surveys.labels import FOUND_LABELS, PART_LABELS, SENDER_STATE_LABELS
from surveys.models import SenderCheck
from surveys.queries.organisation import zone_is_fixed
from surveys.queries.senders import own_domain, sender_domains
from surveys.services.organisation import ZoneIsFixed, save, why_fixed
from surveys.services.sender_check import (
    DomainInUse,
    ask_dns,
    check_sender,
    confirm_domain,
    verdicts_of,
    withdraw_domain,
)


@staff_may(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest) -> HttpResponse:
    form = _form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            save(form.instance, by=request.user, now=timezone.now(), zone_moves=form.zone_moves)
        except ZoneIsFixed as error:
            form.add_error("time_zone", str(error))
        else:
            return done(request, _("Saved."), "surveys:organisation")
    return _page(request, form, SenderDomainForm(), invalid=request.method == "POST")


def _form(posted: QueryDict | None = None) -> OrganisationForm:
    fixed = why_fixed() if zone_is_fixed() else ""
    return OrganisationForm(posted, row=organisation(), fixed=fixed)


def _page(
    request: StaffRequest, form: OrganisationForm, further: SenderDomainForm, *, invalid: bool
) -> HttpResponse:
    context = {
        "form": form,
        "confirm_form": further,
        "submit_label": _("Save"),
        # The page may be the answer to another of its forms.
        "action": reverse("surveys:organisation"),
        "given": sorted(settings.GIVEN_BY_ENVIRONMENT),
        "senders": _senders(),
    }
    template = "surveys/organisation/edit.html"
    return form_page(request, template, context, back="accounts:settings", invalid=invalid)


def _senders() -> list[dict[str, Any]]:
    """What DNS said of each domain that e-mails may come from, when somebody last looked."""
    domains = sender_domains()
    rows = {row.domain: row for row in SenderCheck.objects.filter(domain__in=domains)}
    own = own_domain()
    return [_sender(domain, rows.get(domain), is_own=domain == own) for domain in domains]


def _sender(domain: str, checked: SenderCheck | None, *, is_own: bool) -> dict[str, Any]:
    verdicts = [
        (
            each,
            *PART_LABELS[each.part],
            SENDER_STATE_LABELS[each.state],
            FOUND_LABELS[each.part, each.found],
        )
        for each in (verdicts_of(checked) if checked else [])
    ]
    form = SenderCheckForm(
        initial={"selector": checked.selector if checked else ""}, auto_id=f"%s-{anchor_of(domain)}"
    )
    known = {"domain": domain, "anchor": anchor_of(domain), "checked": checked, "is_own": is_own}
    return {**known, "verdicts": verdicts, "check_form": form}


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def check(request: StaffRequest) -> HttpResponse:
    """Asks DNS now; where it does not answer, that is what is kept."""
    form = SenderCheckForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The name of a DKIM key has letters, digits, - and _ only."))
        return redirect("surveys:organisation")
    domain = request.POST.get("domain") or own_domain()
    if domain not in sender_domains():
        return HttpResponse(status=404)
    selector = form.cleaned_data["selector"]
    check_sender(domain, selector=selector, ask=ask_dns(), now=timezone.now())
    return _back(domain)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def confirm(request: StaffRequest) -> HttpResponse:
    """A further domain that campaigns may be sent from."""
    form = SenderDomainForm(request.POST)
    if not form.is_valid():
        return _page(request, _form(), form, invalid=True)
    row = confirm_domain(
        form.cleaned_data["domain"], by=request.user, ask=ask_dns(), now=timezone.now()
    )
    text = _("Campaigns may be sent from %(domain)s now.") % {"domain": row.domain}
    messages.success(request, text)
    return _back(row.domain)


@staff_may(Permission.MANAGE_SETTINGS)
@require_POST
def withdraw(request: StaffRequest) -> HttpResponse:
    domain = request.POST.get("domain", "")
    try:
        withdraw_domain(domain, by=request.user, now=timezone.now())
    except DomainInUse as error:
        messages.error(request, str(error))
    else:
        text = _("No campaign can be sent from %(domain)s any more.") % {"domain": domain}
        messages.success(request, text)
    return redirect("surveys:organisation")


def _back(domain: str) -> HttpResponse:
    return redirect(f"{reverse('surveys:organisation')}#sender-{anchor_of(domain)}")
