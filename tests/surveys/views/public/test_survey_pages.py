from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from surveys.models import Campaign, Invitation, Response
from surveys.queries.tokens import Purpose, make_token
from surveys.views.public.survey_pages import names_a_person
from tests.surveys.helpers.invited import answer_path, invite
from tests.surveys.helpers.visited import NOON, scores_checked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(2)</script>",
    "\u202eevil\u202c \u2066x\u2069",
    '=HYPERLINK("http://evil.example")',
    "{{ settings.SECRET_KEY }}{% debug %}",
    "'; DROP TABLE surveys_response; --",
    "NUL\x00 and \x1b[31m",
    "line\r\nbreaks\rof\nall kinds",
    "絵文字 👩‍👩‍👧 と 日本語",
]


@pytest.mark.parametrize("score", [0, 7, 10])
def test_link_preselects_its_score(visitor: Client, score: int) -> None:
    page = visitor.get(f"{answer_path(invite())}?score={score}")
    assert page.status_code == 200
    assert scores_checked(page.content.decode()) == [str(score)]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?score=11",
        "?score=-1",
        "?score=９",
        "?score=5.5",
        "?score=1&score=2",
        "?score=",
        "?score=abc",
    ],
)
def test_anything_else_preselects_nothing(visitor: Client, query: str) -> None:
    page = visitor.get(answer_path(invite()) + query)
    assert (page.status_code, scores_checked(page.content.decode())) == (200, [])


@pytest.mark.parametrize("comment", HOSTILE)
def test_hostile_comment_shows_as_text(visitor: Client, comment: str) -> None:
    path = answer_path(invite())
    assert visitor.post(path, {"score": "2", "comment": comment}).status_code == 303
    body = visitor.get(path).content.decode()
    shown = body.split("<textarea")[1].split(">\n", 1)[1].split("</textarea>")[0]
    assert "<" not in shown
    assert html.unescape(shown) == Response.objects.get().comment
    assert "\x00" not in Response.objects.get().comment


def bad_paths(invitation: Invitation) -> dict[str, str]:
    other = make_token(Purpose.ANSWER, invitation.public_id)
    flipped = other[:-1] + ("A" if other[-1] != "A" else "B")
    return {
        "unknown": f"/s/{make_token(Purpose.ANSWER, 'z' * 22)}/",
        "forged": f"/s/{flipped}/",
        "malformed": "/s/nonsense/",
        "foreign": f"/s/{make_token(Purpose.OPT_OUT, invitation.public_id)}/",
        "queued": answer_path(invite(state="queued")),
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_closed_surveys_are_told_apart_by_nothing(visitor: Client, method: str) -> None:
    pages = [getattr(visitor, method)(path) for path in bad_paths(invite()).values()]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert len({tuple(sorted(page.headers.items())) for page in pages}) == 1
    assert b"This survey is not open" in pages[0].content


def test_language_switch_changes_page_thanks_and_stored_language(visitor: Client) -> None:
    path = answer_path(invite(language="en"))
    body = visitor.get(path + "?score=9&lang=ja").content.decode()
    assert '<html lang="ja">' in body
    assert "おすすめしたいと思いますか" in body
    assert "?lang=en&amp;score=9" in body
    reply = visitor.post(path, {"score": "9", "lang": "ja"})
    assert reply["Location"].endswith("/thanks/?lang=ja")
    assert "ありがとうございました" in visitor.get(reply["Location"]).content.decode()
    assert Response.objects.get().language == "ja"


def test_campaign_in_one_language_offers_no_other(visitor: Client) -> None:
    path = answer_path(invite(language="en", languages=["en"]))
    body = visitor.get(path + "?lang=ja").content.decode()
    assert '<html lang="en">' in body
    assert "?lang=ja" not in body.replace("/?lang=", "")


@pytest.mark.parametrize(
    ("score", "text"), [(10, "delighted"), (8, "We will use it"), (6, "sorry")]
)
def test_thanks_page_speaks_to_the_category(visitor: Client, score: int, text: str) -> None:
    path = answer_path(invite())
    visitor.post(path, {"score": str(score)})
    assert text in visitor.get(path + "thanks/").content.decode()


@pytest.mark.parametrize(
    ("link", "score", "shown"),
    [
        ("https://review.example/koe", 9, True),
        ("https://review.example/koe", 8, False),
        ("https://review.example/koe", 2, False),
        ("javascript:alert(1)", 9, False),
        ("", 9, False),
    ],
)
def test_only_promoters_see_the_link_and_only_a_web_link(
    visitor: Client, link: str, score: int, shown: bool
) -> None:
    path = answer_path(invite(wording={"en": {"thanks_link": link}}))
    visitor.post(path, {"score": str(score)})
    body = visitor.get(path + "thanks/").content.decode()
    assert ("Write a review" in body) is shown
    assert "javascript:" not in body


def test_pages_name_the_person_where_the_wording_does(visitor: Client) -> None:
    wording = {"en": {"question": "{name} of {customer}, would you recommend {product}?"}}
    invitation = invite(wording=wording)
    body = visitor.get(answer_path(invitation)).content.decode()
    assert f"Hanako of {invitation.respondent.customer}, would you recommend Ledgerly?" in body


def test_who_belongs_to_no_customer_is_asked_in_words_that_name_none(visitor: Client) -> None:
    wording = {
        "en": {"question": "{name}, would {customer} recommend {product}?"},
        "ja": {"question": "{customer}は{product}をおすすめしますか"},
    }
    invitation = invite(wording=wording)
    invitation.respondent.customer = None
    invitation.respondent.save()
    path = answer_path(invitation)
    question = "Hanako, would your company recommend Ledgerly?"
    assert question in visitor.get(path).content.decode()
    assert "貴社はLedgerlyをおすすめしますか" in visitor.get(path + "?lang=ja").content.decode()
    assert visitor.post(path, {"score": "2"}).status_code == 303


def test_whole_first_view_is_under_30_kilobytes(visitor: Client) -> None:
    body = visitor.get(answer_path(invite()) + "?score=9").content
    static = [
        visitor.get(f"/static/{name}")
        for name in ("css/survey.css", "js/survey.js", "img/favicon.svg")
    ]
    assert all(each.status_code == 200 for each in static)
    assert len(body) + sum(len(each.getvalue()) for each in static) < 30_000


def test_the_button_of_an_answered_survey_says_that_it_changes_the_answer(visitor: Client) -> None:
    path = answer_path(invite())
    first = visitor.get(f"{path}?score=4").content.decode()
    visitor.post(path, {"score": "9"})

    again = visitor.get(f"{path}?score=4").content.decode()
    refused = visitor.post(path, {"score": "4", "comment": "a" * 5001}).content.decode()

    assert "Change my answer to" not in first
    for page in (again, refused):
        assert '<span class="send send-4">Change my answer to 4</span>' in page
        assert "Send my answer: 4" not in page


def test_a_page_kept_for_one_person_names_no_other(visitor: Client) -> None:
    """They share a campaign, and so a page that is rendered once."""
    first = invite(wording={"en": {"question": "{name} of {customer}, would you?"}})
    second, third = invite(name="Sam"), invite()
    Invitation.objects.filter(pk__in=[second.pk, third.pk]).update(campaign=first.campaign)

    for each in (first, second, third):
        asked = f"{each.respondent.name} of {each.respondent.customer}, would you?"
        assert asked in visitor.get(answer_path(each)).content.decode()


def test_a_kept_page_is_written_again_when_whom_to_write_to_changes(visitor: Client) -> None:
    invitation = invite()
    for contact in ("one@example.com", "two@example.com"):
        Campaign.objects.update(reply_to=contact)
        assert contact in visitor.get(answer_path(invitation)).content.decode()


def test_each_link_has_a_draft_and_a_moment_of_its_own(visitor: Client) -> None:
    bodies = [visitor.get(answer_path(invite())).content.decode() for _ in range(2)]

    drafts = {body.split('data-draft="')[1].split('"')[0] for body in bodies}
    assert len(drafts) == 2
    opened = f'name="opened" value="{int(NOON.timestamp() * 1000)}"'
    assert all(opened in body for body in bodies)


def test_the_page_says_its_language_and_offers_the_others_only(visitor: Client) -> None:
    page = visitor.get(f"{answer_path(invite(language='en'))}?lang=ja")

    assert page["Content-Language"] == "ja"
    assert 'href="?lang=en' in page.content.decode()
    assert 'href="?lang=ja' not in page.content.decode()


def test_who_is_refused_for_now_is_told_when_to_come_back(visitor: Client) -> None:
    path = answer_path(invite())
    [*_, last] = [visitor.post(path, {"score": "99"}) for _ in range(21)]

    assert (last.status_code, last["Retry-After"]) == (429, "3600")


def test_a_closed_survey_of_ours_counts_as_no_guess(visitor: Client) -> None:
    """An office behind one address may open many old links."""
    ours = answer_path(invite(state="queued"))
    codes = {visitor.get(ours, REMOTE_ADDR="192.0.2.1").status_code for _ in range(31)}

    assert codes == {404}


def test_who_guesses_links_is_held_off_after_thirty_and_others_are_not(visitor: Client) -> None:
    guess = f"/s/{make_token(Purpose.ANSWER, 'z' * 22)}/"
    codes = [visitor.get(guess, REMOTE_ADDR="192.0.2.1").status_code for _ in range(31)]

    assert codes == [404] * 30 + [429]
    assert visitor.get(guess, REMOTE_ADDR="203.0.113.7").status_code == 404


def test_no_mark_of_a_kept_page_is_left_on_it(visitor: Client) -> None:
    body = visitor.get(answer_path(invite())).content.decode()

    assert re.findall(r"koe-[0-9a-f]{24}", body) == []


def test_only_a_wording_that_names_somebody_asks_who_it_is(visitor: Client) -> None:
    plain, named = invite(), invite(wording={"en": {"question": "{customer}, would you?"}})

    assert not names_a_person(plain.campaign, language="en")
    assert names_a_person(named.campaign, language="en")
    assert not names_a_person(named.campaign, language="ja")
