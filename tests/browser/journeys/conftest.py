from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import Browser

from tests.browser.conftest import MOMENT
from tests.browser.journeys.person import PICTURES, Person
from tests.shared import put_back


@pytest.fixture(autouse=True)
def _clock_of_the_pictures() -> Iterator[None]:
    """Always the same day at the same time of day, where pictures are taken."""
    with time_machine.travel(MOMENT) if PICTURES else nullcontext():
        yield


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def person(
    browser: Browser, live_server, demo: Path, language: str
) -> Iterator[Callable[..., Person]]:
    """Somebody of the demo, logged in by their e-mail address if one is given."""
    cache.clear()
    put_back(demo)
    there: list[Person] = []

    def come(email: str = "", *, scripts: bool = True) -> Person:
        each = Person(browser, live_server.url, language, scripts=scripts)
        there.append(each)
        if email:
            each.log_in(email)
        return each

    yield come
    for each in there:
        each.leave()
