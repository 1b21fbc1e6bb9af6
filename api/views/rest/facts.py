"""Revenue, usage and events."""

from __future__ import annotations

from ninja import Router

from accounts.domain.imports.file_columns import FileKind
from api.views.rest.bringing import bring
from api.views.rest.shapes.rows import EventRow, RevenueRow, UsageRow

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
