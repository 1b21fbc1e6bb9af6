"""Writing down contacts and pulses of a customer, and the sources of what is measured."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.access.roles import Permission
from accounts.domain.facts.contacts import Channel
from accounts.forms.contacts import ContactForm, PulseForm
from accounts.models import Customer
from accounts.queries.facts.freshness import sources
from accounts.services.facts.contacts import write_contact, write_pulse
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may


@staff_may(Permission.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: StaffRequest, pk: int) -> HttpResponse:
    customer, now = get_object_or_404(Customer, pk=pk), timezone.now()
    form = ContactForm(request.POST or None, customer=customer, now=now)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        write_contact(
            customer,
            Channel(data["channel"]),
            at=data["at"],
            note=data["note"],
            respondent=data["respondent"],
            ref=f"koe-{data['ref'].hex}",
            by=request.user,
            now=now,
        )
        return done(request, _("Saved."), "customers:detail", pk)
    return _form(request, form, customer, title=_("Write down a contact"))


@staff_may(Permission.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def pulse(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    form = PulseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        write_pulse(
            customer, data["value"], reason=data["reason"], by=request.user, now=timezone.now()
        )
        return done(request, _("Saved."), "customers:detail", pk)
    return _form(request, form, customer, title=_("Write down a pulse"))


def _form(
    request: StaffRequest, form: ContactForm | PulseForm, customer: Customer, *, title: str
) -> HttpResponse:
    return form_page(
        request,
        "accounts/contacts/edit.html",
        {"form": form, "customer": customer, "title": title, "submit_label": _("Save")},
        back=reverse("customers:detail", args=[customer.pk]),
        invalid=request.method == "POST",
    )


@staff_may(Permission.IMPORT_DATA)
@require_safe
def source_list(request: StaffRequest) -> HttpResponse:
    context = {"sources": sources(today=timezone.localdate())}
    return render(request, "accounts/imports/sources.html", context)
