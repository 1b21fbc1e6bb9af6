"""How Koe itself is doing, for admins."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.domain.access.roles import Permission
from accounts.models import Import
from accounts.web.access import StaffRequest, staff_may
from actions.queries.operations import Operations, operations
from surveys.labels import QUEUE_LABELS
from surveys.views.sending import sending_context

OUTCOME_LABELS = {
    "sent": _("sent"),
    "retry": _("to be tried again"),
    "failed": _("failed"),
    "unknown": _("unknown"),
    "skipped": _("left out"),
    "cancelled": _("cancelled"),
    "put_off": _("put off, as a mail server refuses"),
    "not_claimed": _("another worker had it, or the campaign paused"),
    "error": _("an error of Koe"),
}
EVIDENCE_LABELS = {
    "gesture": _("by a person’s gesture"),
    "button": _("by the button alone"),
    "suspect": _("set aside: like a scanner"),
}
REFUSAL_LABELS = {
    "planning": _("when planned, at each look"),
    "sending": _("at the e-mail’s turn"),
}
PAGE_LABELS = {"GET": pgettext_lazy("page", "shown"), "POST": pgettext_lazy("page", "answered")}


@staff_may(Permission.MANAGE_SETTINGS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    found = operations(now=timezone.now())
    context = {
        "found": found,
        "queues": [(QUEUE_LABELS[each.name], each) for each in found.queues],
        "mails": _labelled(OUTCOME_LABELS, found.mails),
        "answers": _labelled(EVIDENCE_LABELS, found.answers),
        "refusals": _labelled(REFUSAL_LABELS, found.refusals),
        "pages": _pages(found),
        "imports": [(kind.label, found.imported.get(kind.value)) for kind in Import.Kind],
        **sending_context(request, found.status),
    }
    return render(request, "actions/operations.html", context)


def _labelled(labels: dict[str, Any], counts: dict[str, int]) -> list[tuple[Any, int]]:
    return [(label, counts[name]) for name, label in labels.items() if counts[name]]


def _pages(found: Operations) -> list[tuple[Any, int, float]]:
    """What was asked for how often, and how long it took in the mean, in milliseconds."""
    return [
        (PAGE_LABELS[method], total, 1000 * measured.seconds / total)
        for method, measured in found.pages.items()
        if (total := measured.buckets[-1][1])
    ]
