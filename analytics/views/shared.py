"""What the pages of analytics have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import BoundField, Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Dimension
from accounts.queries.rebuilds import running_rebuild
from analytics.queries.customers import currency

PERIOD_FIELDS = ("preset", "first", "last")
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
    return {
        "tabs": tabs,
        "currency": currency(),
        "rebuild": running_rebuild() if page in BY_SEGMENT else None,
        "page_label": labels[page],
        "printed_at": timezone.localtime(),
        "today": timezone.localdate(),
        "chosen": chosen(context["form"]) if "form" in context else [],
        **file_links(request),
        **context,
    }


def chosen_words(form: Form) -> list[str]:
    """The same as one line, or none."""
    words = " · ".join(f"{label}: {value}" for label, value in chosen(form))
    return [words] if words else []


def chosen(form: Form) -> list[tuple[str, str]]:
    """What the filters say, in words, for paper and pictures; the period has its own line."""
    if not form.is_valid():
        return []
    found = []
    for field in form.visible_fields():
        values = form.cleaned_data.get(field.name)
        values = values if isinstance(values, list) else [values]
        words = [each for each in (_word(field, value) for value in values) if each]
        if words and field.name not in PERIOD_FIELDS:
            found.append((str(field.label), ", ".join(words)))
    return found


def _word(field: BoundField, value: Any) -> str:
    """The label of a choice; of a grouped one, such as a segment's value, with its group."""
    if value in (None, ""):
        return ""
    for key, label in getattr(field.field, "choices", ()):
        if isinstance(label, (list, tuple)):
            inside = dict(label)
            if value in inside:
                return f"{key} = {inside[value]}"
        elif str(key) == str(value):
            return str(label)
    return str(value)


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
