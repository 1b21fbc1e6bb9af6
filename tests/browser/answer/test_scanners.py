"""Mail scanners open the answer page in a real Chromium and change nothing."""

from __future__ import annotations

import random
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.models import Suppression
from surveys.models import Intent, Invitation, Response
from tests.browser.answer.pages import (
    answered,
    asked,
    let_a_minute_pass,
    links,
    rows,
    wait_for_intent,
)
from tests.surveys.helpers.invited import answer_path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
