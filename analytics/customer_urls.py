"""The customers' own pages: what all apps know of them comes together here."""

from __future__ import annotations

from django.urls import path

from common.web.lazy import lazy_view

app_name = "customers"


urlpatterns = [
    path("", lazy_view("analytics.views.customers.listing.index"), name="list"),
    path(
        "export.<str:file_type>",
        lazy_view("analytics.views.customers.listing.export"),
        name="export",
    ),
    path("<int:pk>/", lazy_view("analytics.views.customers.page.detail"), name="detail"),
]
