from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import nullcontext
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.shared import keep_database

DEMO = {"customers": 40, "respondents": 100, "responses": 150, "months": 14}
# A Monday morning in Tokyo, on which the pictures of the documents are taken, of the whole demo.
MOMENT = dt.datetime(2026, 11, 30, 1, 0, tzinfo=dt.UTC)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    # Playwright's loop runs in this thread, where Django otherwise refuses the database.
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()
    patch.undo()


@pytest.fixture(scope="session")
def demo(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A copy of a database with a demo: to make one takes as long as a walk."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    for_pictures = "SCREENSHOTS" in os.environ
    clock = time_machine.travel(MOMENT) if for_pictures else nullcontext()
    with django_db_blocker.unblock(), clock:
        call_command("seed_demo", **({} if for_pictures else DEMO), stdout=StringIO())
        keep_database(path)
    return path
