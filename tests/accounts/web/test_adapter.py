from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.domain.access.demo import DEMO_PASSWORD
from accounts.models import StaffUser
from accounts.web.adapter import network_of
from tests.staffing import PASSWORD, make_staff

pytestmark = pytest.mark.django_db


NEW = "another staple 42 battery"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def log_in(client: Client, *, email: str = "admin@koe.example", password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_password_of_the_demo_opens_nothing_where_koe_is_served_by_https(settings) -> None:
    """Whosever it is: beside a log-in of the demo that has it no web process starts."""
    user = make_staff("admin", "boss@example.com")
    user.set_password(DEMO_PASSWORD)
    user.save()
    client = Client()
    log_in(client, email=user.email, password=DEMO_PASSWORD)
    assert is_logged_in(client)

    settings.SERVED_SECURELY = True
    client = Client()
    page = log_in(client, email=user.email, password=DEMO_PASSWORD)

    assert not is_logged_in(client)
    assert "The demo log-ins are closed where Koe is served by https." in page.content.decode()


def test_nobody_signs_up() -> None:
    page = Client().get("/accounts/signup/")
    Client().post(
        "/accounts/signup/", {"email": "x@koe.example", "password1": NEW, "password2": NEW}
    )

    assert "There is no sign-up here" in page.content.decode()
    assert StaffUser.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        # Each of IPv4 in the clothes of IPv6 has its own network, too.
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", ""),
        ("unknown" * 99, ("unknown" * 99)[:100]),
    ],
)
def test_a_limit_is_of_the_network_of_a_machine(address: str, expected: str) -> None:
    assert network_of(address) == expected
