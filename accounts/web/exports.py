"""A list as a file: what its page shows for the same query string, and a line in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain.audit import AuditAction
from accounts.services.audit import record_event
from accounts.web.access import StaffRequest
from common.spreadsheets.download import Busy, Row, csv_response, xlsx_response

DOWNLOADS = {"csv": csv_response, "xlsx": xlsx_response}
# The header, and the rows below it.
Rows = tuple[Row, Iterable[Row]]


def export(
    request: StaffRequest, file_type: str, rows: Callable[[], Rows], *, name: str, listing: str,
    action: AuditAction,
) -> HttpResponseBase:  # fmt: skip
    """`listing`: the page, to which one comes back where too many wait for their files."""
    if file_type not in DOWNLOADS:
        raise Http404(file_type)
    # Encoded: what anybody may write in an address, PostgreSQL takes from nobody.
    query = request.GET.urlencode()
    try:
        download = DOWNLOADS[file_type](name, *rows())
    except Busy:
        messages.error(request, _("Other downloads are in progress. Please try again in a minute."))
        return redirect(f"{reverse(listing)}?{query}")
    record_event(action, actor=request.user, now=timezone.now(), target=file_type, filter=query)
    return download
