from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import StaffUser

pytest_plugins = ["tests.servers.services"]


@pytest.fixture(autouse=True)
def _language_of_the_settings() -> Iterator[None]:
    """A page leaves the thread in the language of its reader."""
    yield
    translation.deactivate()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What long runs counted, added up."""
    total: Counter[str] = Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, figures in report.user_properties:
                if name == "figures":
                    total.update({"runs": 1, **figures})
    if total:
        terminalreporter.section("figures")
        for name, number in total.items():
            terminalreporter.write_line(f"{name:<62}{number:>12,}")


@pytest.fixture
def staff(db: None) -> Callable[[str], Client]:
    """`staff("cs")` is a browser in which somebody of that role has logged in."""

    def log_in(role: str) -> Client:
        email = f"{role}@koe.example"
        user = StaffUser.objects.filter(email=email).first()
        user = user or StaffUser.objects.create_user(email, "a long password", role=role)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in
