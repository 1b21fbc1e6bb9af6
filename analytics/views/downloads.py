"""What every report page gives besides itself: `?format=csv|xlsx|json`, charts as SVG and PNG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.roles import Permission
from accounts.services.access.audit import record_event
from accounts.web.access import StaffRequest
from analytics.domain.periods import so_far
from analytics.exports.files import FORMATS
from analytics.exports.pictures import PICTURES, Heading
from analytics.queries.customers.money import Money
from analytics.reports.report import Report, chart_named


def download(
    request: StaffRequest,
    *,
    report: Report,
    today: dt.date,
    chosen: Sequence[tuple[str, str]],
) -> HttpResponse:
    """The file that was asked for. A picture and a workbook say what was chosen."""
    if not request.user.may(Permission.EXPORT_REPORTS):
        raise PermissionDenied
    wanted = request.GET["format"]
    if wanted in PICTURES:
        chart = chart_named(request.GET.get("chart", ""), report.charts(today=today))
        if chart is None:
            raise Http404(wanted)
        lines = [_period_line(report, today), *_in_one_line(chosen), *chart.notes]
        heading = Heading(chart.title, lines)
        kind, draw = PICTURES[wanted]
        name = f"{report.file_name}-{chart.name}.{wanted}"
        return attachment(draw(chart.draw(), heading), kind=kind, name=name)
    if wanted not in FORMATS:
        raise Http404(wanted)
    content = FORMATS[wanted].write(report, _about(report, today=today, chosen=chosen))
    now = timezone.now()
    record_event(
        AuditAction.REPORT_EXPORT,
        actor=request.user,
        now=now,
        target=report.file_name,
        format=wanted,
    )
    kind = FORMATS[wanted].content_type
    return attachment(content, kind=kind, name=f"{report.file_name}.{wanted}")


def _in_one_line(chosen: Sequence[tuple[str, str]]) -> list[str]:
    """What the filters say as one line, or none."""
    line = " · ".join(f"{label}: {value}" for label, value in chosen)
    return [line] if line else []


def _about(
    report: Report, *, today: dt.date, chosen: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """What whoever is handed the file must know to read it."""
    currency = getattr(report, "money", Money()).currency
    lines = [
        (_("Organisation"), settings.ORGANISATION_NAME),
        (_("Period"), _days(report, today)),
        *chosen,
        (_("Currency"), currency),
        (_("Downloaded on"), date_format(today)),
        *((_("Not known"), sentence) for sentence in getattr(report, "unknown", ())),
    ]
    return [(what, text) for what, text in lines if text]


def _period_line(report: Report, today: dt.date) -> str:
    """Whose figures, of which days."""
    return " · ".join(each for each in (settings.ORGANISATION_NAME, _days(report, today)) if each)


def _days(report: Report, today: dt.date) -> str:
    days = _("%(first)s to %(last)s") % {
        "first": date_format(report.period.start),
        "last": date_format(report.period.last_day),
    }
    if so_far(report.period, today=today):
        days += _(" (so far, to %(day)s)") % {"day": date_format(today)}
    return days


def attachment(content: str | bytes, *, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
