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
    path("metrics/<slug:key>/", lazy_view("analytics.views.metrics.page.view"), name="metric"),
    path(
        "health/formulas/",
        lazy_view("analytics.views.health.formulas.index"),
        name="health-formulas",
    ),
    path(
        "health/formulas/<int:pk>/",
        lazy_view("analytics.views.health.formulas.act"),
        name="health-formula-act",
    ),
    path(
        "health/formulas/<int:pk>/draft/",
        lazy_view("analytics.views.health.formulas.draft"),
        name="health-formula-draft",
    ),
    path(
        "health/<int:pk>/",
        lazy_view("analytics.views.health.customer.detail"),
        name="health-customer",
    ),
    path(
        "health/<int:pk>/override/",
        lazy_view("analytics.views.health.customer.override"),
        name="health-override",
    ),
    path(
        "health/<int:pk>/override/end/",
        lazy_view("analytics.views.health.customer.end"),
        name="health-override-end",
    ),
    path("sample-size/", lazy_view("analytics.views.answers.sample_size.view"), name="sample-size"),
    path(
        "campaigns/",
        lazy_view("analytics.views.answers.campaign.nps_of_several"),
        name="campaigns-nps",
    ),
    path(
        "campaigns/<slug:slug>/",
        lazy_view("analytics.views.answers.campaign.view"),
        name="campaign",
    ),
]
