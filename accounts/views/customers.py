"""The list of customers."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.domain.roles import Permission
from accounts.forms.staff import CustomerFilterForm
from accounts.labels import value_label
from accounts.models import Customer, Dimension
from accounts.queries import customers as queries
from accounts.queries.behind import behind
from accounts.queries.owners import has_no_accounts
from accounts.queries.revenue import with_mrr
from accounts.web.access import StaffRequest, staff_may
from common.cached import cached

PER_PAGE = 50
MOST_CHOICES = 50
# Of the segments: what is known of every customer comes first.
COLUMNS = 2
# Finding the values to choose from reads every customer: in seconds.
CHOICES_FRESH, CHOICES_OLDEST = 45, 60


@staff_may(Permission.VIEW_PEOPLE)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    dimensions = list(Dimension.objects.filter(source=Dimension.Source.CUSTOMER))
    form = _form(request, dimensions)
    wanted = _wanted(form, reader=request.user.email)
    month = queries.latest_month()
    found = queries.customers(wanted, dimensions=dimensions, today=timezone.localdate())
    chosen = behind(request.GET, reader=request.user.email)
    if chosen is None and request.GET.get("figure"):
        raise Http404
    if chosen is not None:
        found = found.filter(pk__in=chosen.customers)
    ordered = queries.in_order(found, sort=wanted.sort, month=month)
    page = _pages(ordered, found, wanted).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": _rows(queries.page_rows(list(page), month=month), dimensions[:COLUMNS]),
        "dimensions": dimensions[:COLUMNS],
        "month": month,
        "sort": wanted.sort,
        "behind": chosen,
        "no_accounts": not page.paginator.count and has_no_accounts(wanted.mine),
        "may_import": request.user.may(Permission.IMPORT_DATA),
    }
    return render(request, "accounts/customers/list.html", context)


def _pages(
    ordered: QuerySet[Customer], found: QuerySet[Customer], wanted: queries.CustomerFilter
) -> Paginator[int]:
    ids = ordered.values_list("pk", flat=True)
    if wanted.segments:
        # Reading attributes is what takes the time: once for the page and the count together.
        return Paginator(list(ids), PER_PAGE)
    pages = Paginator(ids, PER_PAGE)
    # Counted without the join that sorting by revenue needs.
    pages.__dict__["count"] = found.count()
    return pages


def _form(request: StaffRequest, dimensions: list[Dimension]) -> CustomerFilterForm:
    owners, values = cached(
        f"customer-choices-{_digest(dimensions)}",
        lambda: (queries.owners(), queries.segment_choices(dimensions, at_most=MOST_CHOICES)),
        fresh=CHOICES_FRESH,
        oldest=CHOICES_OLDEST,
    )
    segments = {(each.name, str(each)): values[each.name] for each in dimensions}
    return CustomerFilterForm(request.GET, owners=owners, segments=segments)


def _digest(dimensions: list[Dimension]) -> str:
    text = repr([(each.pk, each.fingerprint) for each in dimensions])
    return hashlib.sha256(text.encode()).hexdigest()


def _wanted(form: CustomerFilterForm, *, reader: str) -> queries.CustomerFilter:
    """What was asked for, as far as it can be understood."""
    form.is_valid()
    data = form.cleaned_data
    return queries.CustomerFilter(
        text=data.get("q", ""),
        state=data.get("state", ""),
        owner=data.get("owner", ""),
        mine=reader if data.get("mine") else "",
        segments=form.chosen_segments(),
        sort=data.get("sort") or "name",
    )


def _rows(customers: list[Customer], dimensions: list[Dimension]) -> list[dict[str, Any]]:
    attributes = {each.pk: each.attributes for each in customers}
    known = with_mrr(attributes, dimensions=dimensions, day=timezone.localdate())
    definitions = [each.definition for each in dimensions]
    return [
        {
            "customer": each,
            "values": [value_label(one.name, one.value(known[each.pk])) for one in definitions],
        }
        for each in customers
    ]
