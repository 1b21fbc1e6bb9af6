from __future__ import annotations

from django.urls import path

from api.views import keys

app_name = "api"

urlpatterns = [
    path("settings/api-keys/", keys.index, name="key-list"),
    path("settings/api-keys/new/", keys.create, name="key-create"),
    path("settings/api-keys/<int:pk>/revoke/", keys.revoke, name="key-revoke"),
]
