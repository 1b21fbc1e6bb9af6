from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page


@pytest.fixture(autouse=True)
def _no_limits_left() -> None:
    cache.clear()


@pytest.fixture
def visit(browser: Browser, live_server) -> Callable[..., Page]:
    """Opens a path in a context of its own; what the page reports of its CSP is gathered."""

    def open_page(path: str, **options) -> Page:
        page = browser.new_context(**options).new_page()
        page.messages = []  # type: ignore[attr-defined]
        page.requested = []  # type: ignore[attr-defined]
        page.on("console", lambda message: page.messages.append(message.text))  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.messages.append(str(error)))  # type: ignore[attr-defined]
        page.on("request", lambda request: page.requested.append(request.url))  # type: ignore[attr-defined]
        page.goto(live_server.url + path)
        return page

    # The contexts end with the browser: closing one while a keepalive request of it is on its way
    # has been seen to wait for ever.
    return open_page
