"""The list of customers, and the same rows as a file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.roles import Permission
from accounts.forms.access.staff import CustomerFilterForm
from accounts.models import Dimension
from accounts.queries.customers import listing as queries
from accounts.queries.customers.behind import Behind, behind
from accounts.queries.customers.owners import has_no_accounts
from accounts.queries.exports import exported_customers
from accounts.web import exports
from accounts.web.access import StaffRequest, staff_may
from analytics.queries.database.snapshot import one_snapshot
from analytics.views.customers.rows import Facts, Row, ids_in_order, rows_of, written_rows
from analytics.views.latest_money import cut_off
from common.caching.cached import cached

PER_PAGE = 50
MOST_CHOICES = 50
# Finding the values to choose from reads every customer: in seconds.
CHOICES_FRESH, CHOICES_OLDEST = 45, 60
FILE = exports.Listing(
    name="customers",
    title=gettext_lazy("Customers"),
    page="customers:list",
    action=AuditAction.CUSTOMERS_EXPORT,
)


@dataclass(frozen=True)
class Chosen:
    """The customers that an address asks for, in its order."""

    form: CustomerFilterForm
    wanted: queries.CustomerFilter
    behind: Behind | None
    ids: Sequence[int]
    facts: Facts


@staff_may(Permission.VIEW_PEOPLE)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    with one_snapshot():
        chosen = _chosen(request)
        page = Paginator(chosen.ids, PER_PAGE).get_page(request.GET.get("page"))
        rows = rows_of(list(page), chosen.facts)
    wanted = chosen.wanted
    context = {
        "form": chosen.form,
        "page_obj": page,
        "rows": rows,
        "facts": chosen.facts,
        "sort": wanted.sort,
        "behind": chosen.behind,
        "tabs": _tabs(request.GET),
        "swapped": "#customer-exports,#customer-views",
        "no_accounts": not page.paginator.count and has_no_accounts(wanted.mine),
        "may_import": request.user.may(Permission.IMPORT_DATA),
        "incomplete": cut_off(chosen.facts.month) if _lacks_amounts(rows) else "",
    }
    return render(request, "analytics/customers/list.html", context)


@staff_may(Permission.VIEW_PEOPLE)
@require_safe
def export(request: StaffRequest, file_type: str) -> HttpResponseBase:
    """Exactly what the list shows for the same query string."""
    reader = exports.reader_of(request)

    @one_snapshot()
    def rows() -> exports.Rows:
        chosen = _chosen(request)
        exports.understood(chosen.form)
        if reader is exports.Reader.KOE:
            return exports.head_and_rows(exported_customers(chosen.ids))
        return written_rows(list(chosen.ids), chosen.facts)

    return exports.export(request, file_type, rows, of=FILE)


def _lacks_amounts(rows: Sequence[Row]) -> bool:
    return any(each.customer.mrr_now is None for each in rows)


def _chosen(request: StaffRequest) -> Chosen:
    dimensions = list(Dimension.objects.filter(source=Dimension.Source.CUSTOMER))
    form = _form(request, dimensions)
    wanted = _wanted(form, reader=request.user.email)
    facts = Facts.of(timezone.localdate())
    found = queries.customers(wanted, dimensions=dimensions, today=facts.today)
    figure = behind(request.GET, reader=request.user.email)
    if figure is None and request.GET.get("figure"):
        raise Http404
    if figure is not None:
        found = found.filter(pk__in=figure.customers)
    return Chosen(form, wanted, figure, ids_in_order(found, wanted, facts), facts)


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
        view=data.get("view", ""),
        segments=form.chosen_segments(),
        sort=data.get("sort") or "name",
    )


def _tabs(query: QueryDict) -> list[dict[str, Any]]:
    """What one asks of all customers again and again; one's own accounts stay one's own."""
    mine, view = bool(query.get("mine")), query.get("view", "")
    own = "&mine=1" if mine else ""
    views = [(name, label) for name, label in CustomerFilterForm.VIEWS if name]
    return [
        {"label": _("Mine"), "url": "?mine=1", "active": mine and not view},
        *(
            {"label": label, "url": f"?view={name}{own}", "active": view == name}
            for name, label in views
        ),
        {"label": _("All"), "url": "?", "active": not mine and not view},
    ]
