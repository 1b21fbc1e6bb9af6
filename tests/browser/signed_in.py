"""A window of the browser in which somebody has logged in."""

from __future__ import annotations

from typing import Any

from django.test import Client
from playwright.sync_api import Browser, BrowserContext


def signed_in(browser: Browser, address: str, client: Client, **options: Any) -> BrowserContext:
    """With the cookies of `client`; a language chosen before is remembered as pages do it."""
    context = browser.new_context(**options)
    cookies = {name: each.value for name, each in client.cookies.items()}
    if "locale" in options:
        cookies["django_language"] = options["locale"]
    for name, value in cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    return context
