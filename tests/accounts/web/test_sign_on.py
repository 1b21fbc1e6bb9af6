from __future__ import annotations

from typing import Any

import pytest
from allauth.socialaccount.models import SocialApp

from accounts.web.sign_on import StaffSignOnAdapter

pytestmark = pytest.mark.django_db


def test_there_is_none_where_none_is_configured(rf: Any) -> None:
    SocialApp.objects.create(provider="oidc", name="Of the table", client_id="x")

    assert StaffSignOnAdapter().list_apps(rf.get("/")) == []


def test_there_is_the_one_of_the_environment(rf: Any, settings: Any) -> None:
    settings.OIDC_ISSUER = "https://login.example.com"
    settings.OIDC_CLIENT_ID = "koe"

    [app] = StaffSignOnAdapter().list_apps(rf.get("/"))

    assert (app.client_id, app.provider) == ("koe", "oidc")
    assert StaffSignOnAdapter().list_apps(rf.get("/"), provider="other") == []
    settings.OIDC_ISSUER = "https://other.example.com"
    assert StaffSignOnAdapter().list_apps(rf.get("/"))[0].provider_id != app.provider_id


def test_no_secret_follows_a_redirect() -> None:
    assert StaffSignOnAdapter().get_requests_session().max_redirects == 0
