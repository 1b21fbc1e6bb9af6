"""Customers added, corrected and ended by hand."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.domain.access.roles import Permission
from accounts.domain.imports.file_columns import FileKind, columns, fields_by_hand
from accounts.forms.by_hand import RowForm
from accounts.models import Customer, Dimension
from accounts.queries.values import attribute_labels
from accounts.services.by_hand import add_customer, correct_customer, texts_of
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from accounts.web.headings import changes_in_words, headings

KIND = FileKind.CUSTOMERS
TEMPLATE = "accounts/by_hand/customer.html"


@staff_may(Permission.IMPORT_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    labels = headings(columns(KIND)) | attribute_labels(Dimension.Source.CUSTOMER)
    form = RowForm(request.POST or None, kind=KIND, labels=labels)
    if request.method == "POST" and form.is_valid():
        values, zeros = form.values, form.zeros_count
        found = add_customer(values, by=request.user, now=timezone.now(), zeros_count=zeros)
        form.refuse(found)
        if form.is_valid():
            made = Customer.objects.filter(customer_id=values["customer_id"]).first()
            back = ("customers:detail", made.pk) if made else ("customers:list",)
            return done(request, _("Saved."), *back)
    context = {"form": form, "title": _("Add a customer"), "submit_label": _("Save")}
    return form_page(
        request, TEMPLATE, context, back="customers:list", invalid=request.method == "POST"
    )


@staff_may(Permission.IMPORT_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    attributes = attribute_labels(Dimension.Source.CUSTOMER, of=customer)
    labels = headings(fields_by_hand(KIND)) | attributes
    initial = texts_of(customer, KIND)
    form = RowForm(request.POST or None, kind=KIND, labels=labels, initial=initial)
    if request.method == "POST" and form.is_valid():
        errors = correct_customer(customer, form.changed, by=request.user, now=timezone.now())
        form.refuse(errors)
        if not errors:
            return done(request, _("Saved."), "customers:detail", pk)
    context = {
        "form": form,
        "title": _("Correct the customer"),
        "customer": customer,
        "changes": changes_in_words(customer.changes, attributes),
        "submit_label": _("Save"),
    }
    back = reverse("customers:detail", args=[pk])
    return form_page(request, TEMPLATE, context, back=back, invalid=request.method == "POST")
