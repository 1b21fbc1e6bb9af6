from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts.domain.access.roles import Permission
from accounts.models import StaffUser
from accounts.web.access import staff_may
from tests.staffing import logged_in, make_staff

pytestmark = pytest.mark.django_db


def test_nobody_changes_their_own_address() -> None:
    client = logged_in(make_staff("cs"))

    assert client.get("/accounts/email/").status_code == 404
    answer = client.post("/accounts/email/", {"action_add": "", "email": "x@koe.example"})
    assert answer.status_code == 404


def ask(user: StaffUser | AnonymousUser, path: str = "/settings/?page=2"):
    request = RequestFactory().get(path)
    request.user = user
    return guarded(request, pk=7)


@staff_may(Permission.MANAGE_STAFF)
def guarded(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(f"{request.user} {pk}")


def test_who_may_comes_in_and_who_may_not_is_refused() -> None:
    assert ask(make_staff("admin")).content == b"admin@koe.example 7"
    for user in (make_staff("cs"), make_staff("viewer")):
        with pytest.raises(PermissionDenied):
            ask(user)


def test_a_closed_account_is_refused_though_its_session_lives() -> None:
    with pytest.raises(PermissionDenied):
        ask(make_staff("admin", is_active=False))


def test_who_has_not_logged_in_is_asked_to_and_comes_back() -> None:
    answer = ask(AnonymousUser())

    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/settings/%3Fpage%3D2"


@pytest.mark.parametrize(("role", "status"), [("admin", 302), ("cs", 403), ("viewer", 403)])
def test_djangos_admin_has_no_log_in_of_its_own(role: str, status: int) -> None:
    answer = logged_in(make_staff(role)).get("/admin/login/")

    assert answer.status_code == status
    assert answer.get("Location") == ("/admin/" if status == 302 else None)
    assert Client().get("/admin/login/")["Location"].startswith("/accounts/login/?next=")
