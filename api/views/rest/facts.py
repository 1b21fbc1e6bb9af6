"""Revenue, usage and events: in by many rows, and out as they came in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query as In
from ninja import Router
from pydantic import Field

from accounts.domain.access.roles import Permission
from accounts.domain.imports.file_columns import FileKind
from accounts.models import Event, MonthlyRevenue
from api.queries.readings import Wanted, readings
from api.views.rest.bringing import bring
from api.views.rest.shapes import answers
from api.views.rest.shapes.rows import EventRow, OneCustomer, RevenueRow, UsageRow
from api.web.rest.cursors import page, place_in, text_of
from api.web.rest.fields import Day, Moment, Paged, Text
from api.web.rest.keys import Call, needs

router = Router(tags=["facts"])
WAITS = "What is said of a customer that nobody has named waits for them, for 30 days. "

bring(
    router,
    FileKind.REVENUE,
    RevenueRow,
    "Set the monthly revenue of many customers",
    f"{WAITS}Several rows per customer and month, one per product; a later one sets.",
)
bring(
    router,
    FileKind.USAGE,
    UsageRow,
    "Set what was measured on days",
    f"{WAITS}One number per customer (or respondent), measure and day; a later one sets it.",
)
bring(
    router,
    FileKind.EVENTS,
    EventRow,
    "Tell what happened once",
    f"{WAITS}Known by customer, kind and ref; without ref by customer, kind, moment and address.",
)


class OfDays(Paged):
    customer_id: OneCustomer = ""
    from_: Annotated[Day | None, Field(alias="from", description="The first day.")] = None
    to: Annotated[Day | None, Field(description="The last day, which counts too.")] = None


class OfMeasure(OfDays):
    measure: Annotated[Text, Field(max_length=50, description="Only this one.")] = ""


class OfMoments(Paged):
    customer_id: OneCustomer = ""
    kind: Annotated[Text, Field(max_length=50, description="Only this one.")] = ""
    since: Annotated[Moment | None, Field(description="Only what happened at or after it.")] = None
    until: Annotated[Moment | None, Field(description="Only what happened before it.")] = None


@router.get(
    "/revenue",
    response=answers.RevenueList,
    operation_id="list_revenue",
    summary="Monthly revenue, in the order in which it came",
    description="From the month of the day `from` to that of `to`.",
    **needs(Permission.VIEW_PEOPLE),
)
def list_revenue(request: Call, query: In[OfDays]) -> Any:
    chosen = {
        "customer__customer_id": query.customer_id,
        "month__gte": query.from_ and query.from_.replace(day=1),
        "month__lte": query.to,
    }
    rows = MonthlyRevenue.objects.select_related("customer")
    return page(rows.filter(**_said(chosen)), query, shape=_revenue)


@router.get(
    "/usage",
    response=answers.UsageList,
    operation_id="list_usage",
    summary="What was measured, by measure and day",
    description="Customers' own numbers, then those of their respondents.",
    **needs(Permission.VIEW_PEOPLE),
)
def list_usage(request: Call, query: In[OfMeasure]) -> Any:
    wanted = Wanted(query.customer_id, query.measure, query.from_, query.to)
    after = place_in(query.cursor) if query.cursor else None
    found = readings(wanted, after=after, most=query.limit + 1)
    some = found[: query.limit]
    following = text_of(*some[-1][0]) if len(found) > query.limit else None
    data = [{**row, "value": _number(row["value"])} for _, row in some]
    return {"data": data, "next": following}


@router.get(
    "/events",
    response=answers.Events,
    operation_id="list_events",
    summary="What happened, in the order in which it was told",
    **needs(Permission.VIEW_PEOPLE),
)
def list_events(request: Call, query: In[OfMoments]) -> Any:
    chosen = {
        "customer__customer_id": query.customer_id,
        "kind": query.kind,
        "at__gte": query.since,
        "at__lt": query.until,
    }
    rows = Event.objects.select_related("customer")
    return page(rows.filter(**_said(chosen)), query, shape=_event)


def _said(chosen: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in chosen.items() if value}


def _revenue(row: MonthlyRevenue) -> dict[str, Any]:
    return {
        "customer_id": row.customer.customer_id,
        "month": _month(row.month),
        "mrr": _number(row.mrr),
        "currency": row.currency or None,
        "product": row.product or None,
        "quantity": _number(row.quantity),
    }


def _event(row: Event) -> dict[str, Any]:
    return {
        "id": row.pk,
        "customer_id": row.customer.customer_id,
        "kind": row.kind,
        "at": row.at,
        "email": row.email or None,
        "ref": row.ref or None,
        "value": _number(row.value),
        "note": row.note or None,
    }


def _month(day: dt.date) -> str:
    return f"{day:%Y-%m}"


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
