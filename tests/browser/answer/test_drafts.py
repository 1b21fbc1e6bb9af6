"""What is written on the answer page outlives a reload, a failed send and a change of language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from surveys.models import Response
from tests.browser.answer.pages import FURTHER, asked, choose, is_intent_of, let_a_minute_pass, rows
from tests.surveys.helpers.invited import answer_path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
