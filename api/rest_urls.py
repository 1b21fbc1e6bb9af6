"""The addresses under /api/v1/ but for the page about them; see `api.web.rest.middleware`."""

from __future__ import annotations

from django.urls import path

from api.views.rest.app import api, description

urlpatterns = [
    path("api/v1/openapi.json", description),
    path("api/v1/", api.urls),
]
