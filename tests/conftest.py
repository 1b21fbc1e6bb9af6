from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, TransactionTestCase
from django.utils import timezone, translation

from accounts.models import StaffUser
from accounts.services.organisation import put_in_force
from api.services.webhooks.heard import heard
from tests import flushing
from tests.accounts.importing import Files

pytest_plugins = ["tests.servers.services"]
# What takes minutes goes first: at the end all processes but one would wait for it.
FIRST = ("tests/postgres", "tests/faults", "tests/browser", "tests/cap", "tests/flows")
# Tests that take long each and share nothing, so that several processes run those of a module.
APART = ("tests/faults", "tests/browser/test_every_page")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait for a browser or for a killed process."""
    return min(4, (os.cpu_count() or 1) + 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A module stays on one process, which makes the rows that its tests share once.

    A mark as its `loadgroup` reads it would do, but with pytest 9.2 xdist 3.8 does not see it.
    """
    from xdist.scheduler import LoadScopeScheduling

    config.option.loadscopereorder = False  # the queue below
    schedule = LoadScopeScheduling(config, log)
    schedule._split_scope = _run_together
    return schedule


def _run_together(nodeid: str) -> str:
    return nodeid if nodeid.startswith(APART) else nodeid.partition("::")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place_in_the_queue)


def _place_in_the_queue(item: pytest.Item) -> int:
    places = (place for place, start in enumerate(FIRST) if item.nodeid.startswith(start))
    return next(places, len(FIRST))


@pytest.fixture(autouse=True)
def _language_of_the_settings() -> Iterator[None]:
    """A page leaves the thread in the language of its reader, and an organisation its name."""
    yield
    translation.deactivate()
    heard.forget()
    put_in_force({})
    # Where `settings` took a zone back, nobody was told.
    timezone.get_default_timezone.cache_clear()  # type: ignore[attr-defined]


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


@pytest.fixture(scope="session", autouse=True)
def _databases_are_emptied_of_what_they_hold() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: flushing.empty_database())
        yield
