"""What every report page gives besides itself: `?format=csv|xlsx|json`, charts as SVG and PNG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.domain.audit import AuditAction
from accounts.domain.roles import Permission
from accounts.services.audit import record_event
from analytics.charts.drawing import Spec
from analytics.domain.periods import so_far
from analytics.exports.files import Report, as_csv, as_json, as_xlsx
from analytics.exports.pictures import Heading, as_png, as_svg
from analytics.labels import CHART_TITLES

Charts = Mapping[str, Callable[[], Spec]]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(
    request: HttpRequest,
    *,
    report: Report,
    drawings: Charts,
    name: str,
    words: Sequence[str] = (),
) -> HttpResponse | None:
    """The file that was asked for; None where the page itself was. `words` go into a picture."""
    wanted = request.GET.get("format", "")
    if not wanted:
        return None
    if not request.user.may(Permission.EXPORT_REPORTS):  # type: ignore[union-attr]
        raise PermissionDenied
    if wanted in ("svg", "png"):
        chosen = request.GET.get("chart", "") or next(iter(drawings), "")
        if chosen not in drawings:
            raise Http404(chosen)
        heading = Heading(str(CHART_TITLES[chosen]), [_period_line(report), *words])
        return _picture(wanted, spec=drawings[chosen](), heading=heading, name=f"{name}-{chosen}")
    content, kind = _written(report, wanted)
    now = timezone.now()
    record_event(AuditAction.REPORT_EXPORT, actor=request.user, now=now, target=name, format=wanted)  # type: ignore[arg-type]
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


def _picture(wanted: str, *, spec: Spec, heading: Heading, name: str) -> HttpResponse:
    if wanted == "svg":
        return _file(as_svg(spec, heading), kind="image/svg+xml", name=f"{name}.svg")
    return _file(as_png(spec, heading), kind="image/png", name=f"{name}.png")


def _period_line(report: Report) -> str:
    """Whose figures, of which days."""
    days = _("%(first)s to %(last)s") % {
        "first": date_format(report.period.start),
        "last": date_format(report.period.last_day),
    }
    today = timezone.localdate()
    if so_far(report.period, today=today):
        days += _(" (so far, to %(day)s)") % {"day": date_format(today)}
    return " · ".join(each for each in (settings.ORGANISATION_NAME, days) if each)


def _file(content: str | bytes, *, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
