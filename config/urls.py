from __future__ import annotations

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views.language import choose
from accounts.web.access import admin_login, closed
from common.web.health import live
from common.web.icon import favicon
from common.web.lazy import lazy_view
from surveys.views.health import ready

# What the environment says is not said in a table as well, nor is a link made by hand.
for _model in (SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)
# Every way in passes the one log-in, its limits and its second step.
admin.site.login = admin_login  # type: ignore[method-assign, assignment]

urlpatterns = [
    path("", lazy_view("actions.views.home.home"), name="home"),
    path("", include("actions.urls")),
    path("customers/", include("analytics.customer_urls")),
    path("", include("surveys.urls")),
    path("", include("accounts.urls")),
    path("", include("api.urls")),
    path("v1/", include("api.delighted_urls")),
    # All else under it is answered by api.web.rest.middleware.
    path("api/v1/docs", lazy_view("api.views.rest.docs.page"), name="api-docs"),
    path("analytics/", include("analytics.urls")),
    # A setting that the catalogue of metrics gives its fields.
    path("settings/targets/", lazy_view("actions.views.targets.edit"), name="targets"),
    # An account's address is changed by an admin, not on allauth's page.
    path("accounts/email/", closed),
    path("accounts/sign-on/", lazy_view("accounts.views.sign_on.begin"), name="account_sign_on"),
    path(
        "accounts/sign-on/callback/",
        lazy_view("accounts.views.sign_on.callback"),
        name="account_sign_on_callback",
    ),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("i18n/setlang/", choose, name="set_language"),
    path("admin/", admin.site.urls),
    path("favicon.ico", favicon, name="favicon"),
    path("health/live", live, name="health-live"),
    path("health/ready", ready, name="health-ready"),
    path("metrics", lazy_view("surveys.views.metrics.metrics"), name="metrics"),
]

if settings.EMBEDDED_INBOX:
    urlpatterns.append(path("inbox/", include("local.inbox.pages")))
