"""The pictures of goals and improvements as files."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from analytics.charts.drawing import Chart
from analytics.exports.pictures import PICTURES, Heading
from analytics.views.downloads import attachment


def picture_file(chart: Chart, *, file_type: str) -> HttpResponse:
    if file_type not in PICTURES:
        raise Http404(file_type)
    kind, draw = PICTURES[file_type]
    heading = Heading(chart.title, [chart.alt()])
    return attachment(draw(chart.draw(), heading), kind=kind, name=f"{chart.name}.{file_type}")
