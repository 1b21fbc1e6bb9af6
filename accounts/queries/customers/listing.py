"""The list of customers: filtered and sorted by the database, a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Lower, NullIf

from accounts.domain.facts.events import EventKind
from accounts.domain.segments import MRR, NUMBERS, TENURE, UNKNOWN, tenure_on
from accounts.models import Customer, Dimension, Event, MonthlyRevenue
from accounts.queries.customers.owners import accounts_of
from accounts.queries.money.currency import mrr_in_month
from accounts.queries.money.revenue import billed, mrr_known_on
from accounts.queries.search import has_words

SORTS = {
    "name": "name",
    "mrr": "mrr_now",
    "renews": "renews_on",
    "owner": "owner",
    "contact": "contacted_at",
}
# Of the view of those whose contract is about to renew.
RENEWAL_AHEAD = dt.timedelta(days=90)


@dataclass(frozen=True)
class CustomerFilter:
    """What to show; an empty field asks for nothing."""

    text: str = ""
    state: str = ""
    owner: str = ""
    # The address of whoever asks for their own accounts.
    mine: str = ""
    # One of the saved views; those that look beyond this app are its callers' to apply.
    view: str = ""
    segments: Mapping[str, str] = field(default_factory=dict)
    sort: str = "name"


def latest_month() -> dt.date | None:
    """The last month for which any revenue is known: 'now' in matters of revenue."""
    found: dt.date | None = MonthlyRevenue.objects.aggregate(month=Max("month"))["month"]
    return found


def customers(
    wanted: CustomerFilter, *, dimensions: Iterable[Dimension], today: dt.date
) -> QuerySet[Customer]:
    found: QuerySet[Customer] = Customer.objects.filter(_conditions(wanted, today=today))
    for dimension in dimensions:
        if dimension.name in wanted.segments:
            found = _in_segment(found, dimension, wanted.segments[dimension.name], today=today)
    return found


def in_order(found: QuerySet[Customer], *, sort: str, month: dt.date | None) -> QuerySet[Customer]:
    """Sorted by a key of `SORTS`, `-` before it for falling; what is not known comes last."""
    column = SORTS.get(sort.removeprefix("-"), "name")
    if column == "mrr_now":
        # Shown as billed, but sorted by what can be compared.
        found = found.annotate(compared=mrr_in_month(month))
        column = "compared"
    elif column == "owner":
        found = found.annotate(owner=NullIf(Lower("owner_email"), Value("")))
    elif column == "contacted_at":
        found = found.annotate(contacted_at=Subquery(_contacts().values("at")[:1]))
    key = F(column)
    falling = sort.startswith("-")
    order = key.desc(nulls_last=True) if falling else key.asc(nulls_last=True)
    return found.order_by(order, "pk")


def page_rows(ids: Sequence[int], *, month: dt.date | None) -> list[Customer]:
    """The customers of a page, in its order, with `mrr_now`, `currency` and `contacted_at`."""
    last_contact = Subquery(_contacts().values("at")[:1])
    found = Customer.objects.filter(pk__in=ids).annotate(contacted_at=last_contact)
    rows = {row.pk: row for row in found}
    paid = billed(ids, months=[] if month is None else [month])
    for pk, row in rows.items():
        known = paid.get((pk, month)) if month else None
        row.mrr_now, row.currency = known or (None, None)  # type: ignore[attr-defined]
    return [rows[pk] for pk in ids if pk in rows]


def _contacts() -> QuerySet[Event]:
    """Of the customer of the query around it, the newest first."""
    return Event.objects.filter(customer=OuterRef("pk"), kind=EventKind.CONTACTED)


def _conditions(wanted: CustomerFilter, *, today: dt.date) -> Q:
    condition = has_words(wanted.text, fields=["name", "customer_id"])
    for owner in filter(None, (wanted.owner, wanted.mine)):
        condition &= Q(pk__in=accounts_of(owner))
    churned = Q(churned_on__lte=today)
    if wanted.state == "churned":
        condition &= churned
    if wanted.state == "active" or wanted.view:
        condition &= Q(churned_on__isnull=True) | ~churned
    if wanted.view == "renewing":
        condition &= Q(renews_on__gte=today, renews_on__lte=today + RENEWAL_AHEAD)
    return condition


def _in_segment(
    found: QuerySet[Customer], dimension: Dimension, value: str, *, today: dt.date
) -> QuerySet[Customer]:
    if dimension.bands:
        return found.filter(pk__in=_in_band(found, dimension, value, today=today))
    # Not `attributes__NAME`: an attribute may be called like a look-up, such as "contains".
    column = f"segment_{dimension.pk}"
    found = found.alias(**{column: _text_of(dimension.attribute)})
    condition = Q(**{column: value})
    if value == UNKNOWN:
        condition |= Q(**{f"{column}__isnull": True})
    return found.filter(condition)


def _text_of(attribute: str) -> Cast:
    """As plain text: on SQLite a comparison with the JSON path itself takes its value for JSON."""
    return Cast(KeyTextTransform(attribute, "attributes"), TextField())


def _in_band(
    found: QuerySet[Customer], dimension: Dimension, label: str, *, today: dt.date
) -> list[int]:
    """Through the definition once per combination of what it reads, not once per customer."""
    definition = dimension.definition
    names = [name for name in definition.reads if name not in NUMBERS]
    rows = list(found.order_by().values_list("pk", "started_on", *map(_text_of, names)))
    mrr = mrr_known_on((row[0] for row in rows), day=today) if dimension.reads_mrr else {}
    inside: dict[tuple[str | None, ...], bool] = {}
    chosen = []
    for pk, started_on, *texts in rows:
        tenure = tenure_on(today, started_on) if dimension.reads_tenure else None
        read = (*texts, mrr.get(pk), tenure)
        if read not in inside:
            known = {
                name: text
                for name, text in zip((*names, MRR, TENURE), read, strict=True)
                if text is not None
            }
            inside[read] = definition.value(known) == label
        if inside[read]:
            chosen.append(pk)
    return chosen


def segment_choices(dimensions: Sequence[Dimension], *, at_most: int) -> dict[str, list[str]]:
    """The values by segment, found in one pass; none for a segment with more than `at_most`."""
    plain = [each for each in dimensions if not each.bands]
    values: dict[str, set[str]] = {each.name: set() for each in plain}
    columns = [_text_of(each.attribute) for each in plain]
    if columns:
        rows = Customer.objects.order_by().values_list(*columns).distinct()
        for row in rows.iterator(chunk_size=5000):
            for each, text in zip(plain, row, strict=True):
                if len(values[each.name]) <= at_most:
                    values[each.name].add(text or UNKNOWN)
    banded = {
        each.name: [*each.definition.bands.labels, UNKNOWN]
        for each in dimensions
        if each.definition.bands is not None
    }
    few = {name: sorted(found) for name, found in values.items() if len(found) <= at_most}
    return {each.name: (few | banded).get(each.name, []) for each in dimensions}


def owners() -> list[str]:
    """Each once, however an address is spelt."""
    found = Customer.objects.exclude(owner_email="").annotate(owner=Lower("owner_email"))
    return list(found.order_by("owner").values_list("owner", flat=True).distinct()[:200])
