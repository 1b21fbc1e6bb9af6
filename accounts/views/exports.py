"""All that is known of a kind, in a file that Koe reads again."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.roles import Permission
from accounts.domain.imports.file_columns import FileKind
from accounts.models import Import
from accounts.queries.exports import exported
from accounts.web import exports
from accounts.web.access import StaffRequest, staff_may

ACTIONS = {
    FileKind.CUSTOMERS: AuditAction.CUSTOMERS_EXPORT,
    FileKind.RESPONDENTS: AuditAction.RESPONDENTS_EXPORT,
    FileKind.REVENUE: AuditAction.REVENUE_EXPORT,
    FileKind.USAGE: AuditAction.USAGE_EXPORT,
    FileKind.EVENTS: AuditAction.EVENTS_EXPORT,
}


@staff_may(Permission.VIEW_PEOPLE)
@require_safe
def export_kind(request: StaffRequest, kind: FileKind, file_type: str) -> HttpResponseBase:
    if kind not in ACTIONS:
        raise Http404(kind)
    of = exports.Listing(
        name=kind,
        title=Import.Kind(kind).label,
        page="accounts:import-list",
        action=ACTIONS[kind],
        reader=exports.Reader.KOE,
    )
    return exports.export(request, file_type, lambda: exports.head_and_rows(exported(kind)), of=of)
