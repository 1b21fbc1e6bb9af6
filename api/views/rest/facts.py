"""Revenue, usage and events."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Body, Router
from ninja import Query as In
from pydantic import Field

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.roles import Permission
from api.views.rest.shapes import answers
from api.views.rest.shapes.rows import MOST_ROWS, EventRow, RevenueRow, UsageRow
from api.web.rest.bulk import Skips, brought
from api.web.rest.keys import Call, takes_rows
from api.web.rest.once import once

router = Router(tags=["facts"])
Revenue = Annotated[list[RevenueRow], Field(max_length=MOST_ROWS)]
Usage = Annotated[list[UsageRow], Field(max_length=MOST_ROWS)]
Events = Annotated[list[EventRow], Field(max_length=MOST_ROWS)]
WAITS = "What is said of a customer that nobody has named waits for them, for 30 days. "


@router.post(
    "/revenue",
    response=answers.Brought,
    operation_id="bring_revenue",
    summary="Set the monthly revenue of many customers",
    description=f"{WAITS}Several rows per customer and month, one per product; a later one sets.",
    **takes_rows(Permission.IMPORT_DATA, "RevenueRow"),
)
@once
def bring_revenue(request: Call, query: In[Skips], rows: Body[Revenue]) -> Any:
    return brought(request, FileKind.REVENUE, rows, query)


@router.post(
    "/usage",
    response=answers.Brought,
    operation_id="bring_usage",
    summary="Set what was measured on days",
    description=f"{WAITS}One number per customer (or respondent), measure and day; a later one "
    "sets it.",
    **takes_rows(Permission.IMPORT_DATA, "UsageRow"),
)
@once
def bring_usage(request: Call, query: In[Skips], rows: Body[Usage]) -> Any:
    return brought(request, FileKind.USAGE, rows, query)


@router.post(
    "/events",
    response=answers.Brought,
    operation_id="bring_events",
    summary="Tell what happened once",
    description=f"{WAITS}Known by customer, kind and ref; without ref by customer, kind, moment "
    "and address.",
    **takes_rows(Permission.IMPORT_DATA, "EventRow"),
)
@once
def bring_events(request: Call, query: In[Skips], rows: Body[Events]) -> Any:
    return brought(request, FileKind.EVENTS, rows, query)
