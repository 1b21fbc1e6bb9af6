from __future__ import annotations

import logging
import random

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Suppression
from surveys.domain.eligibility import Reason
from surveys.models import Response
from surveys.queries.tokens import Purpose, make_token
from surveys.sending.messages.emails import trial_token
from surveys.services.campaigns.plan import explain
from surveys.services.people.erase import erase_person
from surveys.views.public import opt_out
from tests.staffing import make_staff
from tests.surveys.helpers.invited import answer_path, invite, opt_out_path
from tests.world import make_campaign, make_respondent, person_for

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


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=b", b"nonsense"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="x'),
        ("multipart/form-data; boundary=\u00e9", b"--b--"),
        ("application/x-www-form-urlencoded; charset=klingon", b"List-Unsubscribe=One-Click"),
        ("application/x-www-form-urlencoded; charset=cp932", b"List-Unsubscribe=One-Click"),
        ("application/x-www-form-urlencoded", b"List-Unsubscribe=\xff%FF\x00"),
        ("application/x-www-form-urlencoded", b"&".join(b"x=%d" % n for n in range(2000))),
        ("application/json", b"{"),
        ("", b"List-Unsubscribe=One-Click"),
    ],
)
def test_one_click_of_whatever_shape_is_stored_and_answered_200(
    mail_program: Client, content_type: str, body: bytes
) -> None:
    invitation = invite()
    mail_program.raise_request_exception = False
    reply = mail_program.generic("POST", opt_out_path(invitation), body, content_type)

    assert Suppression.objects.get().person == invitation.person
    assert (reply.status_code, "Location" in reply) == (200, False)


def test_1000_safe_requests_of_every_kind_change_no_row(mail_program: Client) -> None:
    """R3: scanners open every link, with whatever method and query they like."""
    invitation, stopped = invite(), invite()
    mail_program.post(opt_out_path(stopped), ONE_CLICK)
    before = everything()
    chance = random.Random(3)
    seen = set()
    for _ in range(1000):
        path = chance.choice([opt_out_path(invitation), opt_out_path(stopped)])
        method = chance.choice(["get", "head", "options", "trace"])
        query = chance.choice(["", "?List-Unsubscribe=One-Click", "?lang=ja", "?yes=1"])
        headers = chance.choice(
            [{}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}]
        )
        seen.add(getattr(mail_program, method)(path + query, headers=headers).status_code)
    assert everything() == before
    assert seen == {200, 405}


def everything() -> dict[str, list[tuple]]:
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for app in ("accounts", "surveys")
        for model in apps.get_app_config(app).get_models()
    }


def test_one_click_is_answered_in_the_language_of_the_mail(
    mail_program: Client, monkeypatch
) -> None:
    monkeypatch.setattr(opt_out, "_", lambda text: f"{get_language()}: {text}")

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
    assert b"You will not receive any more surveys" in done.content
    assert Suppression.objects.count() == 1


def test_opt_out_works_for_a_link_of_any_age_and_state(mail_program: Client) -> None:
    for state in ("sent", "failed", "cancelled"):
        assert mail_program.post(opt_out_path(invite(state=state)), ONE_CLICK).status_code == 200
    assert Suppression.objects.count() == 3


def test_opt_out_works_after_erasure_and_the_address_stays_refused(mail_program: Client) -> None:
    """R5: the keyed hash that is left finds the person whom an import brings back."""
    invitation = invite()
    address, path = invitation.respondent.email, opt_out_path(invitation)
    erase_person(invitation.person, by=make_staff("admin"), now=timezone.now())

    assert mail_program.post(path, ONE_CLICK).status_code == 200

    returned = person_for(address)
    assert returned.mail_key.startswith("erased:")
    again = make_respondent(returned, email=address)
    decision = explain(make_campaign(), again, now=timezone.now())
    assert decision.reason == Reason.ERASED


def test_opt_out_works_after_campaign_and_invitation_are_gone(mail_program: Client) -> None:
    gone = invite()
    path, campaign = opt_out_path(gone), gone.campaign
    gone.delete()
    campaign.delete()
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
    from common.monitoring.logs import TokenFilter

    invitation = invite()
    caplog.handler.addFilter(TokenFilter())
    with caplog.at_level(logging.DEBUG):
        mail_program.post(answer_path(invitation), {"score": "99"})
        mail_program.put(opt_out_path(invitation))
        mail_program.get(answer_path(invitation)[:-2] + "/")
    assert caplog.messages
    for purpose in (Purpose.ANSWER, Purpose.OPT_OUT):
        assert make_token(purpose, invitation.public_id) not in caplog.text
