"""People answer in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from surveys.models import Intent, Response
from tests.browser.answer.pages import answered, asked, is_intent_of
from tests.surveys.helpers.invited import answer_path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
