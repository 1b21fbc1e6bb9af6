"""The pages of analytics in a real Chromium: two languages, a phone and a desk, and paper."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from tests.actions.goals import make_target
from tests.analytics import world
from tests.browser.accessibility import violations
from tests.browser.signed_in import signed_in
from tests.shared import keep_database, put_back
from tests.staffing import client_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = {
    "": 0,
    "segments/": 1,
    "trend/?step=rolling-3": 4,
    "outcomes/": 1,
    "retention/": 3,
}
# Each language at each width, each width in each scheme, each scheme in each language.
PAIRS = [
    ("ja", 375, "light"),
    ("ja", 1280, "dark"),
    ("en", 375, "dark"),
    ("en", 1280, "light"),
]
# A4 less its margins, in the pixels of a style sheet.
PAPER = 688
DRAWN = "document.querySelectorAll('[data-chart]:not([data-drawn])').length === 0"
# Words that stick out of their picture are cut off.
CUT_WORDS = """() => [...document.querySelectorAll('.chart svg.marks')].flatMap((svg) => {
  const box = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter((text) => {
    const own = text.getBoundingClientRect();
    return own.width && (own.left < box.left - 1 || own.right > box.right + 1);
  }).map((text) => text.textContent);
})"""
# Neighbours on one axis whose boxes share room, unless they stand aslant.
OVERLAPS = """() => [...document.querySelectorAll(
  '.chart svg .role-axis-label, .chart svg .role-legend-label'
)].flatMap((group) => {
  const texts = [...group.querySelectorAll('text')].filter(
    (each) => !/rotate/.test(each.getAttribute('transform') || '')
      && each.getAttribute('opacity') !== '0'
      && getComputedStyle(each).opacity !== '0'
  );
  const boxes = texts.map((each) => each.getBoundingClientRect());
  return boxes.flatMap((one, place) => boxes.slice(place + 1).filter((other) =>
    one.left < other.right - 1 && other.left < one.right - 1
    && one.top < other.bottom - 2 && other.top < one.bottom - 2
  ).map(() => texts[place].textContent));
})"""

# What announces something must not end a sheet of paper.
LONELY_HEADS = """() => [...document.querySelectorAll(
  'h2, h3, figcaption, caption:not(.visually-hidden), thead'
)].filter((each) => getComputedStyle(each).breakAfter !== 'avoid')
  .map((each) => each.textContent)"""
ACTIVE_TAB = """() => {
  const strip = document.querySelector('.tabs ul');
  const [tab, frame] = [strip.querySelector('[aria-current]'), strip].map(
    (each) => each.getBoundingClientRect()
  );
  const within = tab.left >= frame.left - 1 && tab.right <= frame.right + 1;
  return [within, strip.className, getComputedStyle(strip).maskImage !== 'none'];
}"""


@pytest.fixture(scope="module")
def kept(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    path = tmp_path_factory.mktemp("data") / "data.sqlite3"
    with django_db_blocker.unblock():
        make_data()
        keep_database(path)
    return path


@pytest.fixture
def data(kept: Path, live_server) -> None:
    cache.clear()
    put_back(kept)


def make_data() -> None:
    """Groups of customers large enough for every line, light, bubble and sentence."""
    today = timezone.localdate()
    asked = today - dt.timedelta(days=300)
    world.make_dimension("plan", label="Plan")
    campaign = world.make_campaign(
        name="Spring", state="running", launched_at=dt.datetime.combine(asked, dt.time(), dt.UTC)
    )
    # From before the two years that pages show, so that their movements are known.
    months = [(today - dt.timedelta(days=30 * ago)).strftime("%Y-%m") for ago in range(26, 0, -1)]
    groups = (("gold", 10, 3), ("tin", 8, 5), ("starter with a long name", 2, 7), ("none", None, 6))
    for plan, score, leaving in groups:
        for place in range(18):
            gone = asked + dt.timedelta(days=50 + 9 * place) if place < leaving else None
            since = months if plan == "gold" else months[12:]
            paid = dict.fromkeys(since, 1000.0 * (place + 1))
            customer = world.make_customer(
                plan=plan, name=f"{plan} {place}", started_on=today - dt.timedelta(days=430),
                churned_on=gone, mrr=paid,
            )  # fmt: skip
            sent = f"{asked}T12:00+00:00"
            invitation = world.ask(world.make_respondent(customer), campaign, sent=sent)
            if score is not None:
                world.answer(invitation, score, at=sent, comment="ログインが遅いです。")
    make_target("nps", 20)
    make_target("customer_churn_rate", "0.9")
    make_target("nrr", "1.2")


class Visit:
    """A window in which an admin has logged in; what went wrong in it is gathered."""

    def __init__(self, browser: Browser, address: str, *, language: str, **context: Any) -> None:
        self.address = address
        self.context = signed_in(browser, address, client_as("admin"), locale=language, **context)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: object) -> None:
        if message.type in ("error", "warning"):  # type: ignore[attr-defined]
            self.errors.append(message.text)  # type: ignore[attr-defined]

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}/analytics/{path}")
        self.page.wait_for_function(DRAWN)
        self.page.wait_for_timeout(300)
        return self.page


@pytest.mark.parametrize(("language", "width", "scheme"), PAIRS)
def test_every_page_is_accessible_and_told_in_words_and_nothing_is_cut(
    browser: Browser, live_server, data: None, language: str, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 900}
    visit = Visit(browser, live_server.url, language=language, viewport=size, color_scheme=scheme)
    for path, charts in PAGES.items():
        page = visit.open(path)

        assert violations(page) == [], path
        assert page.locator(".chart svg.marks").count() == charts, path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(CUT_WORDS) == [], path
        assert page.evaluate(OVERLAPS) == [], path
        assert_charts_are_told_in_words(page, charts)
    visit.context.close()
    assert visit.errors == []


def assert_charts_are_told_in_words(page: Page, charts: int) -> None:
    pictures = page.locator(".chart-canvas[role=img]")
    words = [each.get_attribute("aria-label") or "" for each in pictures.all()]

    assert len(words) == charts
    assert len(set(words)) == charts
    assert all(len(each) > 20 for each in words), words
    assert charts == 0 or page.locator("table").count() > 0


@pytest.mark.parametrize("language", ["ja", "en"])
def test_paper_has_a_heading_and_whole_charts_and_no_navigation(
    browser: Browser, live_server, data: None, language: str, settings
) -> None:
    settings.ORGANISATION_NAME = "青葉 Works"
    visit = Visit(
        browser, live_server.url, language=language, viewport={"width": 1280, "height": 900}
    )
    for path in PAGES:
        page = visit.open(path)
        wide = page.evaluate("document.body.classList.contains('wide-print')")
        before = page.evaluate("document.querySelector('.chart svg.marks')?.clientWidth ?? 0")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 1016 if wide else PAPER, "height": 1000})
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.wait_for_timeout(200)

        heading = page.locator(".print-header").inner_text()
        assert "青葉 Works" in heading
        assert str(timezone.localdate().year) in heading
        if path.startswith("trend"):
            assert "Rolling 3 months" in heading or "3 か月移動" in heading
        for hidden in (".top-bar", ".tabs", ".filter-bar", ".chart-links", ".download-menu"):
            assert page.locator(hidden).filter(visible=True).count() == 0, (path, hidden)
        assert page.evaluate("document.documentElement.scrollWidth") <= (1016 if wide else PAPER)
        assert page.evaluate(CUT_WORDS) == [], path
        assert page.evaluate(LONELY_HEADS) == [], path
        if path.startswith("segments"):
            drawn = page.evaluate("document.querySelector('.chart svg.marks').clientWidth")
            assert drawn > 900
        assert (
            page.evaluate(
                "[...document.querySelectorAll('.chart-canvas, .table-wrap')]"
                ".filter((each) => each.scrollWidth > each.clientWidth + 1).length"
            )
            == 0
        ), path

        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.wait_for_timeout(200)
        after = page.evaluate("document.querySelector('.chart svg.marks')?.clientWidth ?? 0")
        assert abs(after - before) <= 2, path
    visit.context.close()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_on_a_phone_the_active_tab_is_in_view_and_more_of_them_are_hinted_at(
    browser: Browser, live_server, language: str
) -> None:
    visit = Visit(
        browser, live_server.url, language=language, viewport={"width": 375, "height": 700}
    )
    found = [visit.open(path).evaluate(ACTIVE_TAB) for path in ("", "trend/", "health/evidence/")]
    strip = visit.page.locator(".tabs ul")
    strip.evaluate("(each) => each.scrollTo(0, 0)")
    visit.page.wait_for_timeout(100)
    scrolled_back = strip.get_attribute("class")
    visit.page.set_viewport_size({"width": 1280, "height": 900})
    visit.page.wait_for_timeout(100)
    on_a_desk = visit.page.evaluate(ACTIVE_TAB)
    visit.context.close()

    assert found == [
        [True, "more-after", True],
        [True, "more-before more-after", True],
        [True, "more-before", True],
    ]
    assert (scrolled_back, on_a_desk) == ("more-after", [True, "", False])
    assert visit.errors == []
