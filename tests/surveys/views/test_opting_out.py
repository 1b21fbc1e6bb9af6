from __future__ import annotations

import logging

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.translation import get_language

from accounts.models import Suppression
from surveys.emails import trial_token
from surveys.models import Response
from surveys.tokens import Purpose, make_token
from surveys.views import opting_out
from tests.surveys.invited import answer_path, invite, opt_out_path

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def mail_program() -> Client:
    cache.clear()
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("encoding", ["multipart", "urlencoded"])
def test_one_click_post_suppresses_at_once_without_redirect_or_cookie(
    mail_program: Client, encoding: str
) -> None:
    invitation = invite()
    if encoding == "multipart":
        reply = mail_program.post(opt_out_path(invitation), ONE_CLICK)
    else:
        reply = mail_program.post(
            opt_out_path(invitation),
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
    assert reply.status_code == 200
    assert "Location" not in reply
    assert "Set-Cookie" not in reply
    assert not reply.cookies
    assert reply["Content-Type"].startswith("text/plain")
    row = Suppression.objects.get()
    assert (row.person, row.reason, row.lifted_at) == (invitation.person, "opted_out", None)


def test_one_click_is_answered_in_the_language_of_the_mail(
    mail_program: Client, monkeypatch
) -> None:
    monkeypatch.setattr(opting_out, "_", lambda text: f"{get_language()}: {text}")

    reply = mail_program.post(opt_out_path(invite(language="ja")), ONE_CLICK)

    assert reply["Content-Language"] == "ja"
    assert reply.content.decode() == "ja: You will not be sent any more surveys.\n"


def test_opting_out_twice_changes_nothing(mail_program: Client) -> None:
    invitation = invite()
    for _ in range(3):
        assert mail_program.post(opt_out_path(invitation), ONE_CLICK).status_code == 200
    assert Suppression.objects.count() == 1


def test_button_of_the_page_opts_out_and_says_so(mail_program: Client) -> None:
    invitation = invite(language="ja")
    page = mail_program.get(opt_out_path(invitation))
    assert b'<html lang="ja">' in page.content
    assert b"<button" in page.content
    assert Suppression.objects.count() == 0
    done = mail_program.post(opt_out_path(invitation), {"lang": "en"})
    assert b"You will get no more surveys" in done.content
    assert Suppression.objects.count() == 1


def test_opt_out_works_for_a_link_of_any_age_and_state(mail_program: Client) -> None:
    for state in ("sent", "failed", "cancelled"):
        assert mail_program.post(opt_out_path(invite(state=state)), ONE_CLICK).status_code == 200
    assert Suppression.objects.count() == 3


def test_opt_out_works_after_erasure_and_after_the_invitation_is_gone(mail_program: Client) -> None:
    invitation = invite()
    invitation.person.mail_key = "erased:0123"
    invitation.person.save()
    invitation.respondent.email = ""
    invitation.respondent.save()
    assert mail_program.post(opt_out_path(invitation), ONE_CLICK).status_code == 200
    assert Suppression.objects.get().person.mail_key == "erased:0123"

    gone = invite()
    path = opt_out_path(gone)
    gone.delete()
    assert mail_program.get(path).status_code == 200
    assert mail_program.post(path, ONE_CLICK).status_code == 200


def test_answer_and_trial_links_opt_nobody_out(mail_program: Client) -> None:
    invitation = invite()
    answer = make_token(Purpose.ANSWER, invitation.public_id)
    assert mail_program.post(f"/u/{answer}/", ONE_CLICK).status_code == 404
    assert mail_program.post("/u/nonsense/", ONE_CLICK).status_code == 404
    trial = trial_token(invitation.campaign, "en")
    assert mail_program.get(f"/u/test-{trial}/").status_code == 200
    assert mail_program.post(f"/u/test-{trial}/").status_code == 200
    assert Suppression.objects.count() == 0


def test_opt_out_link_answers_no_survey(mail_program: Client) -> None:
    token = make_token(Purpose.OPT_OUT, invite().public_id)
    assert mail_program.post(f"/s/{token}/", {"score": "0"}).status_code == 404
    assert Response.objects.count() == 0


def test_tokens_stay_out_of_the_log(mail_program: Client, caplog) -> None:
    from config.logs import TokenFilter

    invitation = invite()
    caplog.handler.addFilter(TokenFilter())
    with caplog.at_level(logging.DEBUG):
        mail_program.post(answer_path(invitation), {"score": "99"})
        mail_program.put(opt_out_path(invitation))
        mail_program.get(answer_path(invitation)[:-2] + "/")
    assert caplog.messages
    for purpose in (Purpose.ANSWER, Purpose.OPT_OUT):
        assert make_token(purpose, invitation.public_id) not in caplog.text
