from __future__ import annotations

from django.urls import path

from common.lazy import lazy_view

app_name = "analytics"

urlpatterns = [
    path("", lazy_view("analytics.views.overview.overview"), name="overview"),
    path("segments/", lazy_view("analytics.views.segments.segments"), name="segments"),
    path("trend/", lazy_view("analytics.views.trend.trend"), name="trend"),
    path("outcomes/", lazy_view("analytics.views.outcomes.outcomes"), name="outcomes"),
    path("retention/", lazy_view("analytics.views.retention.retention"), name="retention"),
]
