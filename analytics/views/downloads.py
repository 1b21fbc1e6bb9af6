"""What every report page gives besides itself: `?format=csv|xlsx|json`, charts as SVG and PNG."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.domain.roles import Permission
from accounts.services.audit import record_event
from analytics.charts import Spec
from analytics.exports import Report, as_csv, as_json, as_xlsx
from analytics.pictures import as_png, as_svg

Charts = Mapping[str, Callable[[], Spec]]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(
    request: HttpRequest, *, report: Report, drawings: Charts, name: str
) -> HttpResponse | None:
    """The file that was asked for; None where the page itself was."""
    wanted = request.GET.get("format", "")
    if not wanted:
        return None
    if not request.user.may(Permission.EXPORT_REPORTS):  # type: ignore[union-attr]
        raise PermissionDenied
    if wanted in ("svg", "png"):
        return _picture(wanted, drawings=drawings, chart=request.GET.get("chart", ""), name=name)
    content, kind = _written(report, wanted)
    now = timezone.now()
    record_event("report.export", actor=request.user, now=now, target=name, format=wanted)  # type: ignore[arg-type]
    return _file(content, kind=kind, name=f"{name}.{wanted}")


def _written(report: Report, wanted: str) -> tuple[str | bytes, str]:
    if wanted == "csv":
        # The mark tells Excel that it is UTF-8.
        return "\ufeff" + as_csv(report), "text/csv; charset=utf-8"
    if wanted == "xlsx":
        return as_xlsx(report), XLSX
    if wanted == "json":
        return as_json(report), "application/json"
    raise Http404(wanted)


def _picture(wanted: str, *, drawings: Charts, chart: str, name: str) -> HttpResponse:
    chosen = chart or next(iter(drawings), "")
    if chosen not in drawings:
        raise Http404(chosen)
    spec = drawings[chosen]()
    if wanted == "svg":
        return _file(as_svg(spec), kind="image/svg+xml", name=f"{name}-{chosen}.svg")
    return _file(as_png(spec), kind="image/png", name=f"{name}-{chosen}.png")


def _file(content: str | bytes, *, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
