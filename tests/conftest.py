from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import StaffUser
from tests.accounts.importing import Files

pytest_plugins = ["tests.servers.services"]
# What takes minutes goes first: at the end all processes but one would wait for it.
FIRST = ("tests/postgres", "tests/faults", "tests/browser", "tests/cap", "tests/accounts/services")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait for a browser or for a killed process."""
    return min(4, (os.cpu_count() or 1) + 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A module stays on one process, which makes the rows that its tests share once."""
    items.sort(key=_place_in_the_queue)
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def _place_in_the_queue(item: pytest.Item) -> int:
    places = (place for place, start in enumerate(FIRST) if item.nodeid.startswith(start))
    return next(places, len(FIRST))


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
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


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
