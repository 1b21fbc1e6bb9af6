"""As `config/urls.py` where SAML is configured."""

from __future__ import annotations

from django.urls import include, path

from config.urls import urlpatterns as without

urlpatterns = [*without, path("accounts/sign-on/saml/", include("accounts.saml_urls"))]
