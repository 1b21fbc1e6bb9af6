"""Somebody at a browser, who finds everything by the words that stand there, in their language.

Words are given as they stand in the code and looked up in the catalogue.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.utils import translation
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.domain.access.demo import DEMO_PASSWORD

DESK, PHONE = (1280, 720), (375, 740)
# Where the pictures of the documents go, by `make screenshots`; a run of tests takes none.
PICTURES = os.environ.get("SCREENSHOTS", "")
ENDS = """() => Math.ceil(Math.max(
  ...[...document.querySelectorAll('main > *')].map((each) => each.getBoundingClientRect().bottom)
))"""
SETTLED = """() => document.readyState === 'complete'
  && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')
  && !document.querySelector('[data-chart]:not([data-drawn])')"""


class Person:
    """In a window of their own; what goes wrong in it is gathered."""

    def __init__(
        self, browser: Browser, address: str, language: str, *, scripts: bool = True
    ) -> None:
        self.address = address
        self.language = language
        self.context = browser.new_context(
            locale=language, java_script_enabled=scripts, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.scripts = scripts
        self.faults: list[str] = []
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("response", lambda answer: self._note(answer.status, answer.url))
        self.on(DESK)

    def _note(self, status: int, url: str) -> None:
        if status >= 500 or status == 403:
            self.faults.append(f"{status} from {url}")

    def on(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def say(self, words: str, context: str | None = None) -> str:
        with translation.override(self.language):
            if context:
                return translation.pgettext(context, words)
            return translation.gettext(words)

    def open(self, path: str) -> Page:
        self.page.goto(path if "://" in path else self.address + path)
        return self.settle()

    def settle(self) -> Page:
        if self.scripts:
            self.page.wait_for_function(SETTLED)
        return self.page

    def log_in(self, email: str, password: str = DEMO_PASSWORD) -> Page:
        """As anybody does; whoever comes without a language is greeted in the browser's."""
        if "/accounts/login/" not in self.page.url:
            self.open("/accounts/login/?next=/")
        self.type("E-mail", email)
        self.type("Password", password)
        return self.press("Log in")

    def press(self, words: str, context: str | None = None, *, within: str = "main") -> Page:
        name = self.say(words, context)
        self.page.locator(within).get_by_role("button", name=name, exact=True).first.click()
        return self.settle()

    def follow(self, words: str, context: str | None = None, *, within: str = "main") -> Page:
        """A link, which may have a count behind its words."""
        name = re.compile(rf"^{re.escape(self.say(words, context))}( [\d,]+)?$")
        self.page.locator(within).get_by_role("link", name=name).first.click()
        return self.settle()

    def go(self, words: str) -> Page:
        """By the navigation."""
        links = self.page.locator("nav.nav-wide").get_by_role("link")
        links.filter(has_text=re.compile(rf"^\s*{re.escape(self.say(words))}\s*$")).click()
        return self.settle()

    def unfold(self, words: str, context: str | None = None) -> Locator:
        """A part that stands behind its name."""
        heading = re.compile(rf"^\s*{re.escape(self.say(words, context))}\s*$")
        part = self.page.locator("details").filter(
            has=self.page.locator("summary", has_text=heading)
        )
        part.first.locator("summary").first.click()
        return part.first

    def field(
        self, words: str, context: str | None = None, *, within: Locator | None = None
    ) -> Locator:
        name = re.escape(self.say(words, context))
        # A model's own name for its field begins with a small letter, its label with a large one.
        label = re.compile(rf"^\s*{name}\s*\*?\s*$", re.IGNORECASE)
        return (within or self.page.locator("main")).get_by_label(label).first

    def type(
        self, words: str, value: str, context: str | None = None, *, within: Locator | None = None
    ) -> None:
        self.field(words, context, within=within).fill(value)

    def choose(self, words: str, option: str, *, within: Locator | None = None) -> None:
        self.field(words, within=within).select_option(label=option)

    def tick(self, words: str, *, within: Locator | None = None) -> None:
        self.field(words, within=within).check()

    def sees(self, text: str, *, within: str = "main") -> None:
        expect(self.page.locator(within).first).to_contain_text(text)

    def reads(self, words: str, context: str | None = None, *, within: str = "main") -> None:
        self.sees(self.say(words, context), within=within)

    def picture(self, name: str, *, dark: bool = False) -> None:
        """Of the window, as somebody sees it; `dark` is another picture of the same."""
        if not PICTURES:
            return
        self.page.mouse.move(0, 0)
        self._take(name)
        if dark:
            self.page.emulate_media(color_scheme="dark")
            self._take(f"{name}-dark")
            self.page.emulate_media(color_scheme="light")

    def _take(self, name: str) -> None:
        """Without what is empty below the content."""
        window = self.page.viewport_size or {"width": DESK[0], "height": DESK[1]}
        self.page.evaluate("scrollTo(0, 0)")
        end = self.page.evaluate(ENDS)
        clip = {"x": 0, "y": 0, **window, "height": min(window["height"], end + 24)}
        path = Path(PICTURES) / self.language / f"{name}.png"
        self.page.screenshot(path=path, clip=clip)

    def leave(self) -> None:
        self.context.close()
        assert self.faults == []
