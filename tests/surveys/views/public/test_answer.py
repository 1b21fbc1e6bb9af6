from __future__ import annotations

import datetime as dt
import html
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys.models import Intent, Response, ResponseChange
from surveys.queries import tokens
from surveys.queries.tokens import Purpose, make_token
from surveys.sending.messages.emails import trial_token
from surveys.services.answers import receive
from tests.servers.tables import rows_of
from tests.surveys.helpers.invited import SENT, answer_path, invite, opt_out_path
from tests.surveys.helpers.visited import NOON, QUESTIONS, scores_checked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def everything() -> dict[str, list[dict]]:
    return rows_of("accounts", "surveys")


def test_safe_methods_change_no_row_of_any_table(visitor: Client) -> None:
    invitation = invite()
    answered = invite()
    visitor.post(answer_path(answered), {"score": "9"})
    before = everything()
    for path in (answer_path(invitation), answer_path(answered)):
        for method in ("get", "head", "options"):
            for query in ("", "?score=3", "?score=9&lang=ja"):
                getattr(visitor, method)(path + query)
                getattr(visitor, method)(f"{path}thanks/{query}")
                getattr(visitor, method)(f"{path}intent/{query}")
                getattr(visitor, method)(opt_out_path(invitation) + query)
    assert everything() == before


def test_answer_is_stored_and_leads_to_the_thanks_page(visitor: Client) -> None:
    invitation = invite()
    path = answer_path(invitation)
    reply = visitor.post(path, {"score": "9", "comment": "Fast\r\nand calm"})

    assert (reply.status_code, reply["Location"]) == (303, f"{path}thanks/")
    stored = Response.objects.get()
    assert (stored.invitation, stored.score, stored.comment) == (invitation, 9, "Fast\nand calm")
    assert stored.answered_at == NOON
    thanks = visitor.get(reply["Location"])
    assert thanks.status_code == 200
    assert "We are delighted that Ledgerly works well for you" in html.unescape(
        thanks.content.decode()
    )


@pytest.mark.parametrize(
    "given",
    [
        "-1",
        "11",
        "5.5",
        "９",
        "",
        "1e1",
        " 9",
        "09",
        "nine",
        "9\n",
        "0x9",
        "+9",
        "99999999999999999999",
    ],
)
def test_other_scores_are_refused_with_the_form_and_the_text_kept(
    visitor: Client, given: str
) -> None:
    reply = visitor.post(answer_path(invite()), {"score": given, "comment": "Keep me"})
    body = reply.content.decode()
    assert reply.status_code == 400
    assert "Please choose a number from 0 to 10." in body
    assert "Keep me</textarea>" in body
    assert Response.objects.count() == 0


def test_two_scores_or_none_are_refused(visitor: Client) -> None:
    path = answer_path(invite())
    assert visitor.post(path, {"score": ["9", "9"]}).status_code == 400
    assert visitor.post(path, {}).status_code == 400
    assert (
        visitor.post(path, b"\xff\xfe", content_type="application/octet-stream").status_code == 400
    )
    assert Response.objects.count() == 0


def test_comment_of_5000_characters_is_taken_and_one_more_is_kept_on_the_form(
    visitor: Client,
) -> None:
    path = answer_path(invite())
    reply = visitor.post(path, {"score": "8", "comment": "声" * 5001})
    assert reply.status_code == 400
    assert "声" * 5001 in reply.content.decode()
    assert scores_checked(reply.content.decode()) == ["8"]
    assert "at most 5000" in reply.content.decode()
    assert Response.objects.count() == 0
    assert visitor.post(path, {"score": "8", "comment": "声" * 5000}).status_code == 303
    assert Response.objects.get().comment == "声" * 5000


def test_comment_of_a_megabyte_is_refused_without_a_row(visitor: Client) -> None:
    assert (
        visitor.post(answer_path(invite()), {"score": "8", "comment": "x" * 1_000_000}).status_code
        == 400
    )
    assert Response.objects.count() == 0


def test_answer_can_be_changed_and_the_form_shows_the_last_one(visitor: Client) -> None:
    path = answer_path(invite())
    visitor.post(path, {"score": "9", "comment": "Fast"})
    body = visitor.get(path).content.decode()
    assert scores_checked(body) == ["9"]
    assert "Fast</textarea>" in body
    assert scores_checked(visitor.get(path + "?score=4").content.decode()) == ["4"]
    visitor.post(path, {"score": "4", "comment": ""})
    assert list(ResponseChange.objects.values_list("score_before", "score_after")) == [
        (None, 9),
        (9, 4),
    ]


def test_answers_are_taken_for_30_days_to_the_second(visitor: Client) -> None:
    in_time, late = invite(), invite()
    limit = SENT + dt.timedelta(days=30)
    with time_machine.travel(limit - dt.timedelta(seconds=1), tick=False):
        assert visitor.post(answer_path(in_time), {"score": "9"}).status_code == 303
    for moment in (limit, limit + dt.timedelta(seconds=1)):
        with time_machine.travel(moment, tick=False):
            assert visitor.get(answer_path(late)).status_code == 404
            assert visitor.post(answer_path(late), {"score": "9"}).status_code == 404
    assert Response.objects.get().invitation == in_time


def test_the_campaign_decides_the_days_to_answer(visitor: Client) -> None:
    path = answer_path(invite(expires_after_days=2))
    with time_machine.travel(SENT + dt.timedelta(days=2), tick=False):
        assert visitor.get(path).status_code == 404


def test_changes_are_taken_for_7_days_after_the_first_answer_to_the_second(visitor: Client) -> None:
    path = answer_path(invite())
    first = SENT + dt.timedelta(days=29)
    with time_machine.travel(first, tick=False):
        visitor.post(path, {"score": "9"})
    with time_machine.travel(first + dt.timedelta(days=7, seconds=-1), tick=False):
        assert visitor.post(path, {"score": "3"}).status_code == 303
        assert visitor.get(path + "thanks/").status_code == 200
    with time_machine.travel(first + dt.timedelta(days=7), tick=False):
        assert visitor.post(path, {"score": "5"}).status_code == 404
        assert visitor.get(path + "thanks/").status_code == 404
    assert Response.objects.get().score == 3


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("queued", 404),
        ("sending", 200),
        ("sent", 200),
        ("unknown", 200),
        ("retry", 404),
        ("failed", 404),
        ("cancelled", 404),
        ("skipped", 404),
    ],
)
def test_only_what_may_have_been_mailed_can_be_answered(
    visitor: Client, state: str, status: int
) -> None:
    assert visitor.get(answer_path(invite(state=state))).status_code == status


def test_erased_person_finds_the_survey_closed(visitor: Client) -> None:
    invitation = invite()
    invitation.person.erased_at = NOON
    invitation.person.save()
    assert visitor.post(answer_path(invitation), {"score": "9"}).status_code == 404
    assert Response.objects.count() == 0


def test_wrong_tokens_cost_the_same_work(visitor: Client, settings, monkeypatch) -> None:
    """Equal times by their causes. Who has no key cannot make a proof for an id of their own."""
    settings.SECRET_KEY_FALLBACKS = ["an older key"]
    invitation = invite()
    proof, proofs = tokens._proof, []
    monkeypatch.setattr(tokens, "_proof", lambda *args: proofs.append(args) or proof(*args))
    genuine = make_token(Purpose.ANSWER, invitation.public_id)
    wrong = {
        "unknown": "z" * 22 + genuine[22:],
        "forged": genuine[:22] + "A" * 22,
        "foreign": make_token(Purpose.OPT_OUT, invitation.public_id),
        "malformed": "x",
        "too long": genuine + "A",
        "not ascii": "ー" * 43 + "a",
    }
    work = {}
    for kind, token in wrong.items():
        proofs.clear()
        with CaptureQueriesContext(connection) as queries:
            page = visitor.get(f"/s/{token}/")
        work[kind] = (page.status_code, len(proofs), len(queries), page.content)
    assert set(work.values()) == {(404, 2, 0, work["malformed"][3])}


def test_21st_post_of_a_token_in_an_hour_is_refused_and_others_are_not(visitor: Client) -> None:
    path = answer_path(invite())
    codes = [visitor.post(path, {"score": "9"}).status_code for _ in range(21)]
    assert codes == [303] * 20 + [429]
    assert visitor.get(path).status_code == 200
    assert visitor.post(answer_path(invite()), {"score": "9"}).status_code == 303


def test_posts_of_more_than_an_hour_ago_are_not_counted(visitor: Client) -> None:
    path = answer_path(invite())
    for _ in range(20):
        visitor.post(path, {"score": "9"})
    for minutes, status in ((59, 429), (60, 303)):
        with time_machine.travel(NOON + dt.timedelta(minutes=minutes), tick=False):
            assert visitor.post(path, {"score": "9"}).status_code == status


def test_public_pages_send_their_headers_and_no_cookie(visitor: Client) -> None:
    invitation = invite()
    path = answer_path(invitation)
    replies = [
        visitor.get(path),
        visitor.post(path, {"score": "99"}),
        visitor.post(path, {"score": "9"}),
        visitor.get(path + "thanks/"),
        visitor.post(path + "intent/", {"score": "9", "gesture": "keydown"}),
        visitor.get("/s/wrong/"),
        visitor.get(opt_out_path(invitation)),
        visitor.post(opt_out_path(invitation)),
        visitor.put(path),
    ]
    for reply in replies:
        assert "default-src 'none'" in reply["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in reply["Content-Security-Policy"]
        assert "unsafe" not in reply["Content-Security-Policy"]
        assert reply["Cache-Control"] == "no-store"
        assert reply["X-Content-Type-Options"] == "nosniff"
        assert reply["X-Robots-Tag"] == "noindex, nofollow"
        assert reply["Referrer-Policy"] == "same-origin"
        assert not reply.cookies


def test_thanks_page_before_any_answer_is_closed(visitor: Client) -> None:
    assert visitor.get(answer_path(invite()) + "thanks/").status_code == 404


def test_extra_questions_are_asked_stored_and_kept_on_the_form(visitor: Client) -> None:
    path = answer_path(invite(questions=QUESTIONS))
    body = visitor.get(path).content.decode()
    for label in ("Support?", "Most used?", "All used?", "In one word?"):
        assert label in body
    given = {"score": "9", "q_support": "4", "q_most": "b", "q_all": ["b", "a"], "q_word": "<calm>"}
    refused = visitor.post(path, {**given, "score": "99"}).content.decode()
    assert 'name="q_support" value="4" checked' in refused
    assert 'name="q_all" value="a" checked' in refused
    assert 'value="&lt;calm&gt;"' in refused
    visitor.post(path, given)
    assert Response.objects.get().extra == {
        "support": 4,
        "most": "b",
        "all": ["a", "b"],
        "word": "<calm>",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"q_support": "6"},
        {"q_most": "c"},
        {"q_most": ["a", "b"]},
        {"q_all": "z"},
        {"q_word": "x" * 501},
    ],
)
def test_impossible_extra_answers_are_refused(visitor: Client, wrong: dict) -> None:
    path = answer_path(invite(questions=QUESTIONS))
    assert visitor.post(path, {"score": "9", **wrong}).status_code == 400
    assert Response.objects.count() == 0


def test_extra_questions_may_be_left_out(visitor: Client) -> None:
    visitor.post(answer_path(invite(questions=QUESTIONS)), {"score": "9", "q_word": " "})
    assert Response.objects.get().extra == {}


def test_intent_is_taken_from_a_gesture_only(visitor: Client) -> None:
    path = answer_path(invite()) + "intent/"
    assert visitor.get(path).status_code == 405
    assert visitor.post(path, {"score": "9", "gesture": "scroll"}).status_code == 204
    assert visitor.post(path, {"score": "11", "gesture": "keydown"}).status_code == 400
    assert Intent.objects.count() == 0
    assert visitor.post(path, {"score": "9", "gesture": "touchend"}).status_code == 204
    assert Intent.objects.get().score == 9


def test_trial_pages_say_so_and_record_nothing(visitor: Client) -> None:
    invitation = invite()
    path = f"/s/test-{trial_token(invitation.campaign, 'ja')}/"
    before = everything()
    page = visitor.get(path + "?score=9").content.decode()
    thanks = visitor.post(path, {"score": "9", "comment": "x"}).content.decode()
    assert visitor.post(path, {"score": "99"}).status_code == 400
    for body in (page, thanks):
        assert 'class="trial"' in body
    assert scores_checked(page) == ["9"]
    assert "intent" not in page
    assert "<wbr>" in thanks
    assert "誠にありがとうございました" in thanks.replace("<wbr>", "")
    assert everything() == before
    assert visitor.get("/s/test-wrong/").status_code == 404


def test_reply_comes_after_the_commit(visitor: Client, monkeypatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr(receive, "write_ledger", fail)
    visitor.raise_request_exception = False
    assert visitor.post(answer_path(invite()), {"score": "9"}).status_code == 500
    assert Response.objects.count() == 0


def test_pages_cost_a_fixed_small_number_of_queries(visitor: Client) -> None:
    path = answer_path(invite())
    with CaptureQueriesContext(connection) as seen:
        visitor.get(path)
    assert len(seen) == 1
    with CaptureQueriesContext(connection) as seen:
        visitor.post(path, {"score": "9"})
    inside = [
        each["sql"]
        for each in seen
        if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]
    # The look-up, the link held, the response, its ledger row, and whether a rule for alerts or a
    # webhook asks.
    assert len(inside) == 6
