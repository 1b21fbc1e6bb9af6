"""How the answer page and the mail look, and what they give away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from surveys.sending.messages import emails
from tests.browser.accessibility import violations
from tests.browser.answer.pages import asked, is_intent_of
from tests.surveys.helpers.invited import answer_path, opt_out_path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOSTILE = [
    "<script>document.title='owned'</script>",
    "</textarea><img src=x onerror=\"document.title='owned'\">",
    "\u202e\u2066 reversed \u2069",
    '=HYPERLINK("http://evil.example")',
    "{{ 7|add:7 }} ${7*7} 👩‍👩‍👧",
]


def test_the_token_leaves_in_no_referrer(visit, live_server) -> None:
    review = "https://review.example/"
    invitation = asked(wording={"en": {"thanks_link": review}})
    path = answer_path(invitation)
    page = visit(path + "?score=9")
    sent: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        if not request.is_navigation_request():
            sent.append((request.url, request.all_headers().get("referer", "")))

    page.on("request", note)
    page.route(f"{review}**", lambda route: route.fulfill(body="Thank you"))
    page.reload()
    with page.expect_response(is_intent_of(8)):
        page.locator("label.scale-cell").nth(8).click()
    page.locator("label.scale-cell").nth(9).click()
    page.get_by_role("button").click()
    page.wait_for_url("**/thanks/")
    with page.expect_request(review) as outside:
        page.get_by_role("link", name="Write a review").click()

    assert {url.removeprefix(live_server.url).split("/")[1] for url, _ in sent} >= {"s", "static"}
    # Chromium asks for icons as it likes; that request goes nowhere but to us either.
    assert [url for url, referrer in sent if path in referrer and "favicon" not in url] == []
    assert "referer" not in outside.value.all_headers()


@pytest.mark.parametrize("comment", HOSTILE)
def test_hostile_comment_is_shown_as_text(visit, comment: str) -> None:
    path = answer_path(asked())
    page = visit(path + "?score=2")
    page.locator("textarea").fill(comment)
    page.get_by_role("button").click()
    page.wait_for_url("**/thanks/")
    page = visit(path)
    assert page.locator("textarea").input_value() == comment
    assert page.title() != "owned"
    assert page.messages == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_are_accessible_calm_and_from_one_place(visit, live_server, scheme, language) -> None:
    invitation = asked(
        language=language,
        questions=[
            {"key": "support", "kind": "csat", "label": {"en": "Support?", "ja": "サポート？"}},
            {"key": "word", "kind": "text", "label": {"en": "One word?", "ja": "一言で？"}},
        ],
    )
    page = visit(answer_path(invitation) + "?score=9", color_scheme=scheme)

    def check() -> None:
        for width in (1280, 375, 320):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
        assert {url for url in page.requested if not url.startswith(live_server.url)} == set()
        # A reply that is no 200, or a request cut off by leaving the page, is no fault of the page.
        faults = [line for line in page.messages if "Failed to load resource" not in line]
        assert faults == []

    assert violations(page) == []
    check()
    cells = page.locator("fieldset.scale").first.locator(".scale-cell").all()
    boxes = [cell.bounding_box() for cell in cells]
    assert len(boxes) == 11
    assert all(box and box["width"] >= 24 and box["height"] >= 44 for box in boxes)
    assert len({box["y"] for box in boxes if box}) == 1
    page.get_by_role("button").click()
    page.wait_for_url("**/thanks/**")
    check()
    page.goto(live_server.url + opt_out_path(invitation))
    check()
    with page.expect_navigation():
        page.get_by_role("button").click()
    check()
    page.goto(live_server.url + "/s/nonsense/")
    check()


def test_first_view_weighs_less_than_30_kilobytes(browser: Browser, live_server) -> None:
    page = browser.new_page()
    sizes = []
    page.on("response", lambda reply: sizes.append(len(reply.body())))
    page.goto(live_server.url + answer_path(asked()) + "?score=9", wait_until="networkidle")
    assert len(sizes) >= 3
    assert sum(sizes) < 30_000
    page.close()


def contrast(page: Page, selector: str) -> float:
    return page.locator(selector).first.evaluate(
        """(element) => {
          const parse = (text) => text.match(/[\\d.]+/g).map(Number);
          const light = (rgb) => {
            const [r, g, b] = rgb.slice(0, 3).map((each) => each / 255)
              .map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          let ground = element;
          while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') {
            ground = ground.parentElement;
          }
          const back = parse(getComputedStyle(ground).backgroundColor);
          const text = parse(getComputedStyle(element).color);
          const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          const turned = (rgb) => rgb.slice(0, 3).map((each) => 255 - each);
          return Math.min(
            ratio(light(back), light(text)), ratio(light(turned(back)), light(turned(text)))
          );
        }"""
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 600])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_mail_scale_is_large_enough_and_legible(
    browser, tmp_path: Path, scheme, width, language
) -> None:
    campaign = asked().campaign
    mail = tmp_path / "mail.html"
    mail.write_text(emails.preview_html(campaign, language))
    context = browser.new_context(
        viewport={"width": width, "height": 700}, color_scheme=scheme, java_script_enabled=True
    )
    page = context.new_page()
    page.goto(mail.as_uri())
    boxes = [link.bounding_box() for link in page.locator(".cell a").all()]
    assert len(boxes) == 11
    assert all(box and box["width"] >= 24 and box["height"] >= 24 for box in boxes)
    assert len({box["y"] for box in boxes if box}) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for selector in (".cell a", ".question h1", ".end", ".text p", ".foot p", ".foot a"):
        assert contrast(page, selector) >= 4.5, selector
    assert not re.search(r"(src|background)=", mail.read_text())
    context.close()
