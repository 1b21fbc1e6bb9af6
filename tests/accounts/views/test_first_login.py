from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, StaffUser
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db
GIVEN = {"email": "Boss@x.example", "name": "B", "password": "a long enough password 42"}


def test_the_first_log_in_is_an_admins_and_the_only_one_made_so(client: Client) -> None:
    where = {"headers": {"host": "localhost"}}
    assert 'href="/first/"' in client.get("/accounts/login/", **where).content.decode()

    assert client.post("/first/", GIVEN, **where).headers["Location"] == "/"

    user = StaffUser.objects.get()
    assert (user.email, user.role) == ("boss@x.example", "admin")
    assert client.get("/settings/", **where).status_code == 200
    assert AuditEvent.objects.filter(action="staff.create").count() == 1
    assert Client().post("/first/", {**GIVEN, "email": "b@x.example"}, **where).status_code == 404
    assert "/first/" not in Client().get("/accounts/login/", **where).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"password": "short"}, {"password": ""}, {"email": "no"}, {"name": "x" * 101}],
)
def test_what_is_wrong_is_said_and_nobody_is_made(client: Client, wrong: dict[str, str]) -> None:
    answer = client.post("/first/", GIVEN | wrong, headers={"host": "127.0.0.1:8000"})

    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not StaffUser.objects.exists()


@pytest.mark.parametrize(
    "asked",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"headers": {"host": "koe.example.com"}},
        {"headers": {"x-forwarded-for": "192.0.2.7"}},
        {"headers": {"forwarded": "for=192.0.2.7"}},
    ],
)
def test_nobody_from_elsewhere_makes_it(client: Client, settings: Any, asked: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    given = {**asked, "headers": {"host": "localhost"} | asked.get("headers", {})}

    assert client.get("/first/", **given).status_code == 404
    assert client.post("/first/", GIVEN, **given).status_code == 404
    assert not StaffUser.objects.exists()


def test_not_where_koe_is_served_by_https_nor_where_a_closed_account_is(settings: Any) -> None:
    client = Client(headers={"host": "localhost"})
    assert client.get("/first/").status_code == 200
    settings.SERVED_SECURELY = True
    assert client.get("/first/").status_code == 404
    settings.SERVED_SECURELY = False
    make_staff("viewer", is_active=False)
    assert client.get("/first/").status_code == 404
