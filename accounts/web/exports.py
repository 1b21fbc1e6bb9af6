"""A list as a file: what its page shows for the same query string, and a line in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from unicodedata import normalize

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain.access.audit import AuditAction
from accounts.queries.values import labels_of_segments
from accounts.services.access.audit import record_event
from accounts.web.access import StaffRequest
from accounts.web.headings import heading
from common.spreadsheets.download import Busy, Download, Row, csv_response, xlsx_response

DOWNLOADS = {"csv": csv_response, "xlsx": xlsx_response}
# The header, and the rows below it.
Rows = tuple[Row, Iterable[Row]]


class Reader(StrEnum):
    """For whom a file is, as `?for=` says it; without a word for people, under the bare names."""

    NAMES = ""
    PEOPLE = "people"
    KOE = "koe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`page`: to which one comes back where too many wait for their files."""

    name: str
    title: Any
    page: str
    action: AuditAction
    # Where the address does not say it.
    reader: Reader = Reader.NAMES


def reader_of(request: StaffRequest) -> Reader:
    wanted = request.GET.get("for", "")
    if wanted not in set(Reader):
        raise BadRequest(f"for={wanted}")
    return Reader(wanted)


def understood(form: forms.Form) -> None:
    """A filter that is not understood is refused: left out, it would let everything out."""
    if not form.is_valid():
        raise BadRequest(form.errors.as_json())


def head_and_rows(lines: Iterator[Row]) -> Rows:
    return next(lines), lines


def in_words(header: Row) -> list[str]:
    """Each once: two columns may have the same name for people."""
    labels, found = labels_of_segments(), list[str]()
    for name in header:
        label = heading(name, labels)
        found.append(f"{label} ({name})" if label in found else label)
    return found


def export(
    request: StaffRequest, file_type: str, rows: Callable[[], Rows], *, of: Listing
) -> HttpResponseBase:
    if file_type not in DOWNLOADS:
        raise Http404(file_type)
    reader = reader_of(request) or of.reader
    # Encoded: what anybody may write in an address, PostgreSQL takes from nobody.
    query = request.GET.urlencode()
    header, found = rows()
    if reader is Reader.PEOPLE:
        header = in_words(header)
    file = Download(
        of.name,
        str(of.title),
        header,
        found,
        for_people=reader is not Reader.KOE,
        zoned=reader is Reader.NAMES,
    )
    try:
        download = DOWNLOADS[file_type](file)
    except Busy:
        messages.error(request, _("Other downloads are in progress. Please try again in a minute."))
        return redirect(f"{reverse(of.page)}?{query}")
    said = {"target": file_type, "filter": without_people(request.GET)}
    record_event(of.action, actor=request.user, now=timezone.now(), **said)
    return download


def without_people(query: QueryDict) -> str:
    """The log is for ever, and whoever was looked for may be erased: of a text only that it was."""
    shown = query.copy()
    for name, values in query.lists():
        shown.setlist(name, ["***" if _may_be_person(name, each) else each for each in values])
    return shown.urlencode(safe="*")


def _may_be_person(name: str, value: str) -> bool:
    return bool(value) and (name == "q" or "@" in normalize("NFKC", value))
