"""Respondents added, corrected and ended by hand."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.access.roles import Permission
from accounts.domain.imports.file_columns import FileKind, fields_by_hand
from accounts.forms.by_hand import RowForm
from accounts.models import Customer, Dimension, Respondent
from accounts.queries.values import attribute_labels
from accounts.services.by_hand import texts_of
from accounts.views.settings.pages import done, form_page
from accounts.web.access import StaffRequest, staff_may
from accounts.web.headings import changes_in_words, headings
from surveys.services.people.by_hand import add_respondent, correct_respondent
from surveys.services.people.stop import stop_mailing

KIND = FileKind.RESPONDENTS
TEMPLATE = "surveys/people/by_hand.html"


@staff_may(Permission.IMPORT_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    labels = headings(fields_by_hand(KIND)) | attribute_labels(Dimension.Source.RESPONDENT)
    form = RowForm(request.POST or None, kind=KIND, labels=labels)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        errors = add_respondent(customer, form.values, by=request.user, now=now)
        form.refuse(errors)
        if not errors:
            return done(request, _("Saved."), "customers:detail", pk)
    context = {
        "form": form,
        "title": _("Add a respondent"),
        "customer": customer,
        "submit_label": _("Save"),
    }
    back = reverse("customers:detail", args=[pk])
    return form_page(request, TEMPLATE, context, back=back, invalid=request.method == "POST")


@staff_may(Permission.IMPORT_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    row = _known(pk)
    attributes = attribute_labels(Dimension.Source.RESPONDENT, of=row)
    labels = headings(fields_by_hand(KIND)) | attributes
    form = RowForm(request.POST or None, kind=KIND, labels=labels, initial=texts_of(row, KIND))
    if request.method == "POST" and form.is_valid():
        errors = correct_respondent(row, form.changed, by=request.user, now=timezone.now())
        form.refuse(errors)
        if not errors:
            return done(request, _("Saved."), "surveys:respondent-detail", pk)
    context = {
        "form": form,
        "title": _("Correct the respondent"),
        "customer": row.customer,
        "respondent": row,
        "changes": changes_in_words(row.changes, attributes),
        "submit_label": _("Save"),
    }
    back = reverse("surveys:respondent-detail", args=[pk])
    return form_page(request, TEMPLATE, context, back=back, invalid=request.method == "POST")


@staff_may(Permission.IMPORT_DATA)
@require_POST
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Who is no longer there is asked no more; their answers stay."""
    row = _known(pk)
    stop_mailing(row.person, by=request.user, now=timezone.now())
    return redirect("surveys:respondent-detail", pk)


def _known(pk: int) -> Respondent:
    """Whoever is erased, or known from imported answers alone, has nothing to be corrected."""
    row = get_object_or_404(Respondent.objects.select_related("customer", "person"), pk=pk)
    if row.customer is None or row.person.erased_at or row.person.merged_into_id:
        raise Http404
    return row
