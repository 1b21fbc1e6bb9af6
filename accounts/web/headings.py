"""What the columns of files are called by people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import pgettext_lazy

CHANGES_SHOWN = 50
HEADINGS: Mapping[str, Any] = {
    "answered_at": pgettext_lazy("column of a file", "Answered at"),
    "campaign": pgettext_lazy("column of a file", "Campaign"),
    "category": pgettext_lazy("column of a file", "Category"),
    "churn_note": pgettext_lazy("column of a file", "Note on leaving"),
    "churn_reason": pgettext_lazy("column of a file", "Reason for leaving"),
    "churned_on": pgettext_lazy("column of a file", "Churned on"),
    "comment": pgettext_lazy("column of a file", "Comment"),
    "currency": pgettext_lazy("column of a file", "Currency"),
    "customer": pgettext_lazy("column of a file", "Customer"),
    "customer_id": pgettext_lazy("column of a file", "Customer id"),
    "customer_state": pgettext_lazy("column of a file", "Customer's state"),
    "email": pgettext_lazy("column of a file", "E-mail"),
    "health_band": pgettext_lazy("column of a file", "Health band"),
    "health_score": pgettext_lazy("column of a file", "Health score"),
    "invited_at": pgettext_lazy("column of a file", "Asked at"),
    "language": pgettext_lazy("column of a file", "Language"),
    "last_answer_on": pgettext_lazy("column of a file", "Last answer"),
    "last_asked_at": pgettext_lazy("column of a file", "Last asked"),
    "last_contact_on": pgettext_lazy("column of a file", "Last contact"),
    "last_score": pgettext_lazy("column of a file", "Last score"),
    "mail_state": pgettext_lazy("column of a file", "Can be e-mailed"),
    "mrr": pgettext_lazy("column of a file", "MRR"),
    "mrr_when_asked": pgettext_lazy("column of a file", "MRR when asked"),
    "name": pgettext_lazy("column of a file", "Name"),
    "note": pgettext_lazy("column of a file", "Note"),
    "owner_email": pgettext_lazy("column of a file", "Owner's e-mail"),
    "renews_on": pgettext_lazy("column of a file", "Renews on"),
    "response_id": pgettext_lazy("column of a file", "Response id"),
    "role": pgettext_lazy("column of a file", "Role"),
    "score": pgettext_lazy("column of a file", "Score"),
    "seats": pgettext_lazy("column of a file", "Seats"),
    "started_on": pgettext_lazy("column of a file", "Started on"),
    "tags": pgettext_lazy("column of a file", "Tags"),
    "time_zone": pgettext_lazy("column of a file", "Time zone"),
}


def heading(name: str, segments: Mapping[str, str]) -> str:
    """A segment goes by its label; an attribute and a question by their own names."""
    return str(HEADINGS.get(name) or segments.get(name, name))


def headings(names: Iterable[str]) -> dict[str, str]:
    return {name: heading(name, {}) for name in names}


def changes_in_words(changes: Any, attributes: Mapping[str, str]) -> list[dict[str, Any]]:
    """The latest corrections by hand, newest first; attributes go by their labels."""
    latest = changes.select_related("by")[:CHANGES_SHOWN]
    return [{"change": each, "field": heading(each.field, attributes)} for each in latest]
