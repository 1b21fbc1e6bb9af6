"""Files of everything, written in the background."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Body, Path, Router

from accounts.domain.access.roles import Permission
from api.domain.exports import ExportKind, ExportState, permission_for
from api.domain.problems import Code, Problem
from api.models import Export
from api.services.rest.exporting import Busy, ask_for
from api.views.rest.shapes import exports as shapes
from api.web.rest.answers import PREFIX
from api.web.rest.fields import Id
from api.web.rest.keys import Call, gives_file, named, needs
from api.web.rest.once import once
from api.web.rest.refusals import refused

router = Router(tags=["exports"])
CSV = "text/csv"


@router.post(
    "/exports",
    response={202: shapes.Export},
    operation_id="ask_for_export",
    summary="Ask for a file of everything of a kind",
    description="A CSV in the columns of an import: brought in again it changes nothing. Read "
    "its state until it is done; it is kept for a day, of a key the last twenty. Where somebody "
    "is erased meanwhile it fails: ask again.",
    **named(Permission.VIEW_PEOPLE),
)
@once
def ask_for_export(request: Call, given: Body[shapes.NewExport]) -> Any:
    kind = ExportKind(given.kind)
    if not request.auth.may(permission_for(kind)):
        raise Problem(Code.ROLE, _("A key of this role may not have that file."))
    try:
        return 202, _shape(ask_for(kind, key=request.auth, now=request.now))
    except Busy:
        detail = _("five of this key are not done yet")
        raise refused("kind", detail, _("wait until one of them is")) from None


@router.get(
    "/exports/{id}",
    response=shapes.Export,
    operation_id="get_export",
    summary="How far it is",
    **needs(Permission.VIEW_PEOPLE),
)
def get_export(request: Call, id: Path[Id]) -> Any:
    return _shape(_export(request, id))


@router.get(
    "/exports/{id}/file",
    response=str,
    operation_id="get_export_file",
    summary="The file, once it is done",
    **gives_file(Permission.VIEW_PEOPLE, CSV),
)
def get_export_file(request: Call, id: Path[Id]) -> Any:
    found = _export(request, id)
    if found.state != ExportState.DONE or not default_storage.exists(found.path):
        raise refused("state", _("is not done"), _("read its state until it is"))
    file = default_storage.open(found.path, "rb")
    name = f"{found.kind}-{found.created_at:%Y-%m-%d}.csv"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CSV)


def _export(request: Call, pk: int) -> Export:
    """Of this key: another one may have a role that sees more."""
    return get_object_or_404(Export, pk=pk, key=request.auth)


def _shape(row: Export) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "state": str(row.state),
        "rows": row.rows,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
        "file": f"{PREFIX}exports/{row.pk}/file" if row.state == ExportState.DONE else None,
    }
