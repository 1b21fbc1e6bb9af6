from __future__ import annotations

from collections.abc import Iterable

from django.urls import URLPattern, path

from analytics.registry import REPORTS, Registered
from common.web.lazy import lazy_view

app_name = "analytics"


def report_paths(reports: Iterable[Registered]) -> list[URLPattern]:
    return [path(each.path, lazy_view(each.view), name=each.name) for each in reports]


urlpatterns = [
    *report_paths(REPORTS),
    path("sample-size/", lazy_view("analytics.views.sample_size.view"), name="sample-size"),
    path(
        "campaign-rate/<slug:slug>/",
        lazy_view("analytics.views.campaign_rate.view"),
        name="campaign-rate",
    ),
]
