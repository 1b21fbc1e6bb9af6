from __future__ import annotations

from django.urls import path

from api.views import keys, permalink

app_name = "api"

urlpatterns = [
    # Without a slash at its end, as the links of Delighted are.
    path("r/<slug:token>", permalink.permalink, name="permalink"),
    path("settings/api-keys/", keys.index, name="key-list"),
    path("settings/api-keys/new/", keys.create, name="key-create"),
    path("settings/api-keys/<int:pk>/revoke/", keys.revoke, name="key-revoke"),
]
