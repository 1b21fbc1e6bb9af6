from __future__ import annotations

from django.urls import path

from analytics.views import outcomes, overview, retention, segments, trend

app_name = "analytics"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("segments/", segments.segments, name="segments"),
    path("trend/", trend.trend, name="trend"),
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("retention/", retention.retention, name="retention"),
]
