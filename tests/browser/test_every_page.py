"""Whoever presses everything: each page that a role reaches, each harmless form, each filter.

The walks below cover every role and every language, on a phone and at a desk, light and dark. That
of the admin, who sees all pages, is the thorough one: it tries the filters, and looks at each page
with axe as it opens, with a message or errors after saving, and with its filters open. With
EVERY_PAGE=all each role walks in each way, thoroughly.
"""

from __future__ import annotations

import os
import re
from itertools import product
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Error, Locator, Page

from accounts.models import StaffUser
from tests.browser.accessibility import violations
from tests.browser.signed_in import signed_in
from tests.shared import put_back
from tests.staffing import logged_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = 375, 1280
COVERING = [
    ("admin", "ja", PHONE, "dark"),
    ("admin", "en", DESK, "light"),
    ("cs", "en", PHONE, "light"),
    ("viewer", "ja", DESK, "dark"),
]
EVERYTHING = product(["admin", "cs", "viewer"], ["ja", "en"], [PHONE, DESK], ["light", "dark"])
IS_LONG = os.environ.get("EVERY_PAGE") == "all"
WALKS = list(EVERYTHING) if IS_LONG else COVERING
# What ends, mails, deletes or logs out, and what is no page.
HARMFUL = re.compile(
    r"logout|delete|erase|merge|cancel|launch|stop|pause|resume|password|2fa|invite|lift|second|run/"
)
NO_PAGE = re.compile(r"^/(admin|static|inbox|s|u)/|\.(csv|xlsx|json|png|svg)$|/mail/|/i18n/")
FACTS = """() => ({
  mains: document.querySelectorAll('main').length,
  headings: document.querySelectorAll('h1').length,
  wider: document.documentElement.scrollWidth - window.innerWidth,
})"""
STATES = ".alert", ".is-invalid"
ACTIONS = "all => all.map(form => form.getAttribute('hx-post') || form.action)"
SETTLED = """() => document.readyState === 'complete'
  && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')
  && !document.querySelector('[data-chart]:not([data-drawn])')"""


def kind_of(path: str) -> str:
    """Pages that differ by a number or a short name only are of one kind, as those of metrics."""
    return re.sub(r"/(\d+|[a-z0-9]+(?:-[a-z0-9]+)+|(?<=metrics/)\w+)(?=/)", "/*", path)


class Walk:
    def __init__(self, page: Page, address: str, *, is_thorough: bool) -> None:
        self.page = page
        self.address = address
        # With axe, and with the filters.
        self.is_thorough = is_thorough
        self.waiting = ["/"]
        self.known = {"/"}
        self.pressed: set[tuple[int, str]] = set()
        self.counts = {"pages": 0, "forms": 0, "filters": 0}
        self.faults: list[str] = []
        self.seen: set[str] = set()
        self.examined: set[tuple[object, ...]] = set()
        self._noise: list[str] = []
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self._noise.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self._note_error(said.text))
        page.on("response", lambda answer: self._note_status(answer.status, answer.url))

    def all(self) -> None:
        while self.waiting:
            path = self.waiting.pop(0)
            try:
                self._visit(path)
                self._gather_links()
                self._press_all(path)
            except Error as error:
                self.faults.append(f"{path}: {error.message.splitlines()[0]}")

    def _visit(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.counts["pages"] += 1
        self._walk_page(path)
        self._examine(path)

    def _gather_links(self) -> None:
        for href in self.page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)"):
            url = urlsplit(href)
            kind = kind_of(url.path)
            is_page = href.startswith(self.address) and not NO_PAGE.search(url.path)
            if is_page and kind not in self.known and not HARMFUL.search(url.path):
                self.known.add(kind)
                self.waiting.append(url.path)

    def _press_all(self, path: str) -> None:
        as_opened = True
        for place, action in enumerate(self.page.eval_on_selector_all("main form", ACTIONS)):
            mark = (place, kind_of(urlsplit(urljoin(self.address + path, action)).path))
            if mark in self.pressed or HARMFUL.search(action):
                continue
            if not as_opened:
                self.page.goto(self.address + path)
                self._settle()
            form = self.page.locator("main form").nth(place)
            as_opened = not form.is_visible()
            if not as_opened:
                self.pressed.add(mark)
                self._press(path, form)

    def _press(self, path: str, form: Locator) -> None:
        if form.evaluate("form => form.method") == "get":
            if self.is_thorough:
                self._try_filters(path, form)
        elif not form.locator("input[type=file]").count():
            self._save(path, form)

    def _try_filters(self, path: str, form: Locator) -> None:
        if (sheet := form.locator("[popovertarget]:visible")).count():
            sheet.click()
            self._examine(f"{path} with its filters open", opened="filters")
        for place in range(form.locator("select:visible").count()):
            choice = form.locator("select:visible").nth(place)
            values = choice.locator("option").evaluate_all("all => all.map(each => each.value)")
            if len(values) > 1:
                choice.select_option(values[1])
                self.counts["filters"] += 1
                self._walk_page(f"{path} with {choice.get_attribute('name')}={values[1]}")

    def _save(self, path: str, form: Locator) -> None:
        button = form.locator("button[type=submit]:visible").last
        asks = [form, button] if button.count() else []
        if not asks or any(each.get_attribute("data-confirm") for each in asks):
            return
        is_swapped = form.get_attribute("hx-post") is not None
        self.page.evaluate("window.isLeft = true")
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as got:
            button.click()
        # An answer to htmx may be a way to another page.
        if not is_swapped or {"hx-redirect", "hx-refresh"} & got.value.headers.keys():
            self.page.wait_for_function("() => !window.isLeft")
        self.counts["forms"] += 1
        what = f"{path} after saving {urlsplit(self.page.url).path}"
        self._walk_page(what)
        self._examine(what)

    def _examine(self, what: str, *, opened: str = "") -> None:
        """Each kind of page once in each state, and a fault once: many pages may have it."""
        if not self.is_thorough:
            return
        kind = kind_of(urlsplit(self.page.url).path)
        state = kind, opened, *(self.page.locator(each).count() > 0 for each in STATES)
        if state in self.examined:
            return
        self.examined.add(state)
        for fault in violations(self.page):
            if fault not in self.seen:
                self.seen.add(fault)
                self.faults.append(f"{what}: {fault}")

    def _walk_page(self, what: str) -> None:
        self._settle()
        facts = self.page.evaluate(FACTS)
        if facts["mains"] != 1 or facts["headings"] > 1:
            self.faults.append(f"{what}: a page inside a page")
        if facts["wider"] > 1:
            self.faults.append(f"{what}: {facts['wider']} pixels wider than the window")
        self.faults += [f"{what}: {noise}" for noise in self._noise]
        self._noise.clear()

    def _settle(self) -> None:
        self.page.wait_for_function(SETTLED)

    def _note_error(self, text: str) -> None:
        # The answer itself is noted, and a form with an error is none.
        if not text.startswith("Failed to load resource"):
            self._noise.append(text)

    def _note_status(self, status: int, url: str) -> None:
        if status >= 400 and status != 422:
            self._noise.append(f"{status} from {urlsplit(url).path}")


# A minute or two each on a quiet machine of two cores.
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("role", "language", "width", "scheme"), WALKS)
def test_every_page_form_and_filter_works(
    browser: Browser, live_server, demo: Path, role: str, language: str, width: int, scheme: str
) -> None:
    cache.clear()
    put_back(demo)
    client = logged_in(StaffUser.objects.get(email=f"{role}@koe.example"))
    size = {"width": width, "height": 900}
    way = {"locale": language, "viewport": size, "color_scheme": scheme}
    context = signed_in(browser, live_server.url, client, **way)
    is_thorough = role == "admin" or IS_LONG
    walk = Walk(context.new_page(), live_server.url, is_thorough=is_thorough)

    walk.all()
    context.close()

    assert walk.faults == [], walk.counts
    least = {"admin": 25, "cs": 15, "viewer": 8}[role]
    assert walk.counts["pages"] >= least
    assert walk.counts["filters"] >= (5 if is_thorough else 0)
