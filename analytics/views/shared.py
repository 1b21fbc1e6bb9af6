"""What the pages of analytics have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Dimension
from accounts.queries.rebuilds import running_rebuild
from analytics.queries.customers import currency

PAGES = ("overview", "segments", "trend", "outcomes", "retention")
# Their figures mix old and new values while past invitations are frozen anew.
BY_SEGMENT = frozenset({"overview", "segments", "trend"})


def page_context(request: HttpRequest, *, page: str, **context: Any) -> dict[str, Any]:
    labels = {
        "overview": _("Overview"),
        "segments": _("Segments"),
        "trend": _("Trend"),
        "outcomes": _("Outcomes"),
        "retention": _("Retention"),
    }
    tabs = [
        {"url": reverse(f"analytics:{each}"), "label": labels[each], "active": each == page}
        for each in PAGES
    ]
    shared = {
        "tabs": tabs,
        "currency": currency(),
        "rebuild": running_rebuild() if page in BY_SEGMENT else None,
    }
    return {**shared, **file_links(request), **context}


def file_links(request: HttpRequest) -> dict[str, Any]:
    return {"files": [(kind.upper(), with_query(request, format=kind)) for kind in FILES]}


def wants_file(request: HttpRequest) -> bool:
    return bool(request.GET.get("format"))


FILES = ("csv", "xlsx", "json")


def with_query(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


def chart_links(request: HttpRequest, *, names: Sequence[str]) -> dict[str, dict[str, str]]:
    return {
        name: {
            kind: with_query(request, format=kind, chart=name.replace("_", "-"))
            for kind in ("svg", "png")
        }
        for name in names
    }


def known_dimensions() -> list[Dimension]:
    """Customer attributes first: only they have churn beside them."""
    found = list(Dimension.objects.all())
    return sorted(found, key=lambda each: each.source != Dimension.Source.CUSTOMER)
