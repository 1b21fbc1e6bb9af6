from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from accounts.models import StaffUser
from accounts.web.context_processors import navigation
from tests.staffing import make_staff
from tests.world import make_customer

pytestmark = pytest.mark.django_db


def context(user: StaffUser | AnonymousUser, path: str = "/") -> dict[str, Any]:
    request = RequestFactory().get(path)
    request.user = user
    return navigation(request)


OF_BOTH = "/customers/ /respondents/ /responses/ /analytics/ /goals/ /imports/"


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (
            "admin",
            f"/ /campaigns/ /follow-ups/ /playbooks/ {OF_BOTH}",
        ),
        (
            "cs",
            f"/ /campaigns/ /follow-ups/ /playbooks/ {OF_BOTH}",
        ),
        ("viewer", "/ /responses/ /analytics/ /goals/"),
    ],
)
def test_the_bar_leads_where_the_role_may_go_and_nowhere_else(role: str, pages: str) -> None:
    nav = [item.url for item in context(make_staff(role))["nav"]]

    assert nav == pages.split() + (["/settings/"] if role == "admin" else [])


@pytest.mark.parametrize(
    ("path", "active"),
    [("/", "/"), ("/customers/7/", "/customers/"), ("/settings/staff/", "/settings/"), ("/x/", "")],
)
def test_one_entry_at_most_is_where_one_is(path: str, active: str) -> None:
    nav = context(make_staff("admin"), path)["nav"]

    assert [item.url for item in nav if item.active] == ([active] if active else [])


def test_the_local_inbox_is_for_those_who_may_configure_campaigns(settings) -> None:
    admin, viewer = make_staff("admin"), make_staff("viewer")
    settings.EMBEDDED_INBOX = True
    assert (context(admin)["embedded_inbox"], context(viewer)["embedded_inbox"]) == (True, False)

    settings.EMBEDDED_INBOX = False
    assert context(admin)["embedded_inbox"] is False


def test_a_visitor_sees_the_name_of_the_house_and_no_page(settings) -> None:
    settings.ORGANISATION_NAME = "青空"

    shown = context(AnonymousUser())
    assert shown.keys() == {
        "organisation_name", "first_login_is_open", "has_passkeys", "sign_on_name",
    }  # fmt: skip
    assert shown["organisation_name"] == "青空"
    # A page that fails before anybody is known.
    assert navigation(RequestFactory().get("/")).keys() == shown.keys()


def test_a_cs_member_with_accounts_is_led_to_their_own_first() -> None:
    make_customer(owner_email="CS@koe.example")
    own = [item.url for item in context(make_staff("cs"))["nav"] if "mine" in item.url]
    others = (make_staff("admin"), make_staff("cs", "new@koe.example"))

    assert own == [
        f"/{page}/?mine=1" for page in ("customers", "respondents", "responses", "analytics")
    ]
    for user in others:
        assert not [item.url for item in context(user)["nav"] if "mine" in item.url]
    on_the_page = context(make_staff("cs", "x@koe.example"), "/customers/7/")["nav"]
    assert [item.url for item in on_the_page if item.active] == ["/customers/"]
