from __future__ import annotations

from django.urls import path

from api.views import keys, permalink, webhooks

app_name = "api"

urlpatterns = [
    # Without a slash at its end, as the links of Delighted are.
    path("r/<slug:token>", permalink.permalink, name="permalink"),
    path("settings/api-keys/", keys.index, name="key-list"),
    path("settings/api-keys/new/", keys.create, name="key-create"),
    path("settings/api-keys/<int:pk>/revoke/", keys.revoke, name="key-revoke"),
    path("settings/webhooks/", webhooks.index, name="webhook-list"),
    path("settings/webhooks/new/", webhooks.create, name="webhook-create"),
    path("settings/webhooks/<int:pk>/", webhooks.edit, name="webhook-edit"),
]
