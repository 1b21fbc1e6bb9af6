"""The mail and the answer page in a real Chromium: people answer, scanners change nothing."""

from __future__ import annotations

import random
import re
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.apps import apps
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page, Request, Route, expect, sync_playwright
from playwright.sync_api import Response as Reply

from accounts.models import Suppression
from surveys.models import Intent, Invitation, Response
from surveys.sending.messages import emails
from tests.surveys.invited import answer_path, invite, opt_out_path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WORDING = {
    "ja": {"question": "どのくらいおすすめしたいですか"},
    "en": {"question": "Would you recommend us?"},
}
HOSTILE = [
    "<script>document.title='owned'</script>",
    "</textarea><img src=x onerror=\"document.title='owned'\">",
    "\u202e\u2066 reversed \u2069",
    '=HYPERLINK("http://evil.example")',
    "{{ 7|add:7 }} ${7*7} 👩‍👩‍👧",
]


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


def asked(**fields) -> Invitation:
    return invite(sent_at=timezone.now(), **fields)


def rows() -> dict[str, list[dict]]:
    models = [
        model for app in ("accounts", "surveys") for model in apps.get_app_config(app).get_models()
    ]
    return {
        model.__name__: list(model._default_manager.order_by("pk").values()) for model in models
    }


def links(invitation: Invitation) -> list[str]:
    path = answer_path(invitation)
    return [f"{path}?score={score}" for score in range(11)] + [path, opt_out_path(invitation)]


def answered() -> list[tuple[int, bool]]:
    return list(Response.objects.values_list("score", "suspect"))


def is_intent_of(score: int) -> Callable[[Reply | Route], bool]:
    return lambda reply: f"score={score}&" in (reply.request.post_data or "")


def wait_for_intent(page: Page) -> None:
    expect(page.locator("[data-received]")).not_to_be_empty()


# --- Scanners ---------------------------------------------------------------------------------


def test_s1_head_requests_leave_every_row_as_it_was(live_server) -> None:
    invitations = [asked() for _ in range(50)]
    before = rows()
    for path in [each for invitation in invitations for each in links(invitation)]:
        request = urllib.request.Request(live_server.url + path, method="HEAD")
        with urllib.request.urlopen(request) as reply:
            assert (reply.status, reply.read()) == (200, b"")
    assert rows() == before


def test_s2_fetching_every_link_twice_in_parallel_leaves_every_row_as_it_was(live_server) -> None:
    paths = [each for _ in range(50) for each in links(asked())] * 2
    random.Random(7).shuffle(paths)
    before = rows()

    def fetch(path: str) -> int:
        with urllib.request.urlopen(live_server.url + path) as reply:
            return reply.status

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(fetch, paths)) == {200}
    assert rows() == before


def let_a_minute_pass(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setVirtualTimePolicy", {"policy": "advance", "budget": 60_000})
    page.wait_for_timeout(300)


def test_s3_a_scanner_that_runs_scripts_for_a_minute_changes_nothing(visit) -> None:
    invitation = asked()
    before = rows()
    for path in links(invitation)[::3]:
        page = visit(path)
        let_a_minute_pass(page)
        assert [url for url in page.requested if "intent" in url] == []
    assert rows() == before


def test_s4_scripted_scrolls_clicks_and_synthetic_events_change_nothing(visit) -> None:
    invitation = asked()
    before = rows()
    for path in links(invitation)[::3]:
        page = visit(path)
        page.evaluate(
            """() => {
              document.body.style.minHeight = '5000px';
              window.scrollTo(0, 900);
              for (const name of ['pointerdown', 'pointermove', 'touchend', 'keydown', 'click']) {
                const inputs = document.querySelectorAll('input');
                for (const target of [window, document.body, ...inputs]) {
                  target.dispatchEvent(new Event(name, { bubbles: true }));
                }
              }
              document.querySelector('textarea')?.focus();
              document.querySelectorAll('input[type=radio]').forEach((each) => each.click());
            }"""
        )
        let_a_minute_pass(page)
        page.evaluate('document.querySelectorAll(\'a[href^="?"], a[href^="/u/"]\')[0]?.click()')
        page.wait_for_timeout(50)
        assert [url for url in page.requested if "intent" in url] == []
    assert rows() == before


def test_prerendering_and_prefetching_change_nothing(visit, live_server) -> None:
    invitation = asked()
    before = rows()
    for purpose in ("prefetch", "prefetch;prerender"):
        request = urllib.request.Request(
            live_server.url + links(invitation)[9], headers={"Sec-Purpose": purpose}
        )
        urllib.request.urlopen(request).close()
    assert rows() == before


def test_s5_injected_mouse_moves_leave_only_a_suspect_intent(visit) -> None:
    invitation = asked()
    for path in links(invitation)[:5]:
        page = visit(path)
        page.mouse.move(20, 20)
        page.mouse.move(60, 90)
        if "score" in path:
            wait_for_intent(page)
    assert list(Intent.objects.values_list("suspect", flat=True)) == [True]
    assert Response.objects.count() == Suppression.objects.count() == 0


def post_every_form(visit, invitation: Invitation) -> None:
    for path in links(invitation)[:5]:
        page = visit(path)
        page.evaluate("document.forms[0].requestSubmit ? document.forms[0].submit() : 0")
        page.wait_for_load_state()


def test_s6_posting_every_form_leaves_a_suspect_answer_and_no_opt_out(visit) -> None:
    post_every_form(visit, asked())
    assert [suspect for _, suspect in answered()] == [True]
    assert Response.objects.counted().count() == 0
    assert Suppression.objects.count() == 0


def test_person_right_after_s6_is_counted(visit) -> None:
    invitation = asked()
    post_every_form(visit, invitation)
    page = visit(answer_path(invitation) + "?score=9")
    page.get_by_role("button").click()
    page.wait_for_url("**/thanks/")
    assert answered() == [(9, False)]


# --- People -----------------------------------------------------------------------------------


def test_h1_a_click_in_the_mail_and_one_on_the_button_answer(visit) -> None:
    page = visit(answer_path(asked()) + "?score=9")
    assert page.get_by_role("button").inner_text() == "Send my answer: 9"
    page.get_by_role("button").click()
    page.wait_for_url("**/thanks/")
    assert answered() == [(9, False)]
    # The gesture on the way to the button may still be on its way to the server.
    assert set(Intent.objects.values_list("score", "suspect")) <= {(9, False)}


def test_h2_without_javascript_the_page_works_and_says_the_chosen_number(visit) -> None:
    page = visit(answer_path(asked()) + "?score=9", java_script_enabled=False)
    assert page.get_by_role("button").inner_text() == "Send my answer: 9"
    assert "What do you value most" in page.locator("label[for=comment]").inner_text()
    page.locator("label.scale-cell").nth(3).click()
    assert page.get_by_role("button").inner_text() == "Send my answer: 3"
    assert "What went wrong" in page.locator("label[for=comment]").inner_text()
    page.locator("textarea").fill("Slow")
    page.get_by_role("button").click()
    page.wait_for_url("**/thanks/")
    assert list(Response.objects.values_list("score", "comment", "suspect")) == [(3, "Slow", False)]
    assert Intent.objects.count() == 0


def test_h3_touch_answers(visit) -> None:
    page = visit(
        answer_path(asked()) + "?score=7",
        has_touch=True,
        is_mobile=True,
        viewport={"width": 375, "height": 740},
    )
    with page.expect_response(is_intent_of(8)):
        page.locator("label.scale-cell").nth(8).tap()
    page.get_by_role("button").tap()
    page.wait_for_url("**/thanks/")
    assert answered() == [(8, False)]
    assert list(Intent.objects.values_list("score", flat=True)) == [8]


def test_h4_a_click_and_a_closed_page_leave_the_right_intent_or_nothing(visit) -> None:
    page = visit(answer_path(asked()) + "?score=6")
    page.mouse.move(30, 30)
    page.close()
    assert Response.objects.count() == 0
    assert set(Intent.objects.values_list("score", "suspect")) <= {(6, False)}


def test_h5_the_keyboard_alone_answers(visit) -> None:
    page = visit(answer_path(asked()) + "?score=9")
    page.locator("input[name=score]:checked").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Calm")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/")
    assert list(Response.objects.values_list("score", "comment", "suspect")) == [
        (10, "Calm", False)
    ]


def test_making_up_ones_mind_in_view_of_the_page_is_no_burst(visit) -> None:
    page = visit(answer_path(asked()))
    for score in (2, 5, 8, 9):
        with page.expect_response(is_intent_of(score)):
            page.locator("label.scale-cell").nth(score).click()
    assert list(Intent.objects.values_list("score", "suspect")) == [(9, False)]
    page.get_by_role("button").click()
    page.wait_for_url("**/thanks/")
    assert answered() == [(9, False)]


def test_choices_made_faster_than_the_network_arrive_in_their_order(visit) -> None:
    page = visit(answer_path(asked()))
    held: list[Route] = []
    page.route("**/intent/", lambda route: held.append(route))
    for score in (2, 5, 9):
        page.locator("label.scale-cell").nth(score).click()
    page.wait_for_timeout(100)
    assert [is_intent_of(2)(route) for route in held] == [True]
    page.route("**/intent/", lambda route: route.continue_())
    with page.expect_response(is_intent_of(9)):
        held[0].continue_()
    assert list(Intent.objects.values_list("score", "suspect")) == [(9, False)]


def test_draft_survives_a_reload_and_its_key_holds_no_token(visit) -> None:
    invitation = asked()
    page = visit(answer_path(invitation) + "?score=9")
    page.locator("textarea").fill("Half a sentence")
    page.reload()
    assert page.locator("textarea").input_value() == "Half a sentence"
    stored = page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)")
    assert "Half a sentence" in stored
    assert answer_path(invitation).split("/")[2] not in stored
    page.get_by_role("button").click()
    page.wait_for_url("**/thanks/")
    assert page.evaluate("sessionStorage.length") == 0


def test_draft_of_a_changed_answer_survives_a_reload(visit) -> None:
    path = answer_path(asked())
    page = visit(path + "?score=9")
    page.locator("textarea").fill("Fast")
    page.get_by_role("button").click()
    page.wait_for_url("**/thanks/")
    page.get_by_role("link", name="Change my answer").click()
    page.locator("textarea").fill("Fast, mostly")
    page.reload()
    assert page.locator("textarea").input_value() == "Fast, mostly"
    # What was sent from elsewhere meanwhile is not written over.
    Response.objects.update(comment="From my phone")
    page.reload()
    assert page.locator("textarea").input_value() == "From my phone"


FURTHER = [
    {"key": "support", "kind": "csat", "label": {"en": "Support?", "ja": "サポート？"}},
    {
        "key": "used",
        "kind": "several",
        "label": {"en": "Used?", "ja": "ご利用は？"},
        "choices": [
            {"value": "c1", "label": {"en": "Alerts", "ja": "通知"}},
            {"value": "c2", "label": {"en": "Tables", "ja": "表"}},
        ],
    },
    {"key": "word", "kind": "text", "label": {"en": "One word?", "ja": "一言で？"}},
]


def choose(page: Page, score: int) -> None:
    page.locator("fieldset.scale").first.locator("label.scale-cell").nth(score).click()


def answer_everything(page: Page) -> None:
    choose(page, 4)
    page.locator("textarea").fill("Half a sentence")
    page.locator("[name=q_support][value='2']").check()
    page.locator("[name=q_used][value=c1]").check()
    page.locator("[name=q_used][value=c2]").check()
    page.locator("[name=q_word]").fill("slow")


def on_page(page: Page) -> dict[str, list[str]]:
    """What would be sent, but for the fields that nobody fills in."""
    return page.evaluate(
        """() => {
          const found = {};
          for (const [name, value] of new FormData(document.querySelector('form'))) {
            if (/^(score|comment|q_)/.test(name)) (found[name] ??= []).push(value);
          }
          return found;
        }"""
    )


EVERYTHING = {
    "score": ["4"],
    "comment": ["Half a sentence"],
    "q_support": ["2"],
    "q_used": ["c1", "c2"],
    "q_word": ["slow"],
}


def test_draft_holds_the_score_and_every_further_answer(visit) -> None:
    page = visit(answer_path(asked(questions=FURTHER)) + "?score=9")
    answer_everything(page)

    page.reload()
    assert on_page(page) == EVERYTHING
    assert page.get_by_role("button").inner_text() == "Send my answer: 4"
    page.get_by_role("link", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    assert "score=4" in page.url
    assert on_page(page) == EVERYTHING

    choose(page, 5)
    page.reload()
    assert on_page(page) == EVERYTHING | {"score": ["5"]}
    page.goto(page.url.partition("?")[0] + "?score=9")
    assert on_page(page) == EVERYTHING | {"score": ["5"]}


def test_draft_survives_a_send_that_fails(visit) -> None:
    page = visit(answer_path(asked(questions=FURTHER)) + "?score=9")
    link = page.url
    answer_everything(page)
    page.context.set_offline(True)
    page.get_by_role("button").click()
    page.wait_for_url("chrome-error://**")

    page.context.set_offline(False)
    page.goto(link)
    assert on_page(page) == EVERYTHING


def test_a_refused_answer_goes_on_as_its_own_draft(visit) -> None:
    page = visit(answer_path(asked(questions=FURTHER)) + "?score=9")
    answer_everything(page)
    page.locator("textarea").evaluate("each => each.removeAttribute('maxlength')")
    page.locator("textarea").fill("a" * 5001)
    page.get_by_role("button").click()
    page.wait_for_selector("#comment-error")
    page.locator("textarea").fill("Shorter")
    choose(page, 6)

    page.goto(page.url + "?score=9")
    assert on_page(page) == EVERYTHING | {"score": ["6"], "comment": ["Shorter"]}


def test_a_new_click_on_another_number_in_the_mail_wins_over_the_draft(visit) -> None:
    path = answer_path(asked(questions=FURTHER))
    page = visit(path + "?score=9")
    answer_everything(page)

    page.goto(page.url.replace("score=9", "score=7"))
    assert on_page(page) == EVERYTHING | {"score": ["7"]}


def test_a_score_chosen_under_a_link_without_one_is_kept(visit) -> None:
    page = visit(answer_path(asked()))
    choose(page, 3)
    page.reload()
    assert on_page(page)["score"] == ["3"]
    page.goto(page.url + "?score=8")
    assert on_page(page)["score"] == ["8"]


def test_a_draft_put_back_posts_nothing_before_a_gesture(visit) -> None:
    page = visit(answer_path(asked(questions=FURTHER)) + "?score=9")
    with page.expect_response(is_intent_of(4)):
        answer_everything(page)
    before = rows()
    page.requested.clear()

    page.reload()
    let_a_minute_pass(page)
    assert on_page(page) == EVERYTHING
    assert [url for url in page.requested if "intent" in url] == []
    assert rows() == before


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


# --- How it looks -----------------------------------------------------------------------------


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


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
