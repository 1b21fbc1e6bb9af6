from __future__ import annotations

import smtplib

import pytest
from django.core import mail

from accounts.models import StaffMail
from accounts.services.access import log_in_mails, staff
from accounts.services.access.log_in_mails import (
    AGAIN,
    KEPT,
    ask_for_reset,
    send_waiting,
    tell_locked_out,
)
from config import celery
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is published is lost."""
    monkeypatch.setattr(log_in_mails, "enqueue", lambda *_: None)


def test_a_reset_is_sent_by_the_tick_where_the_broker_was_away() -> None:
    user = make_staff("cs")
    ask_for_reset(user.email.upper(), language="ja", now=NOW)
    ask_for_reset("nobody@koe.example", language="", now=NOW)

    assert send_waiting(now=NOW) == 2

    assert [message.to for message in mail.outbox] == [[user.email]]
    assert not StaffMail.objects.exists()
    assert send_waiting(now=NOW) == 0
    assert celery.app.conf.beat_schedule["log-ins"]["task"] == "accounts.tasks.send_log_in_mails"


def test_a_mail_server_that_is_away_is_asked_again_until_nobody_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise smtplib.SMTPServerDisconnected

    user = make_staff("cs")
    ask_for_reset(user.email, language="en", now=NOW)
    with monkeypatch.context() as away:
        away.setattr(staff, "send_mail", refuse)
        assert send_waiting(now=NOW) == 0

    assert send_waiting(now=NOW) == 0
    assert send_waiting(now=NOW + AGAIN) == 1
    assert len(mail.outbox) == 1
    ask_for_reset(user.email, language="en", now=NOW)
    assert send_waiting(now=NOW + KEPT + AGAIN) == 0
    assert not StaffMail.objects.exists()


def test_who_was_locked_out_is_told_once_in_their_language() -> None:
    user = make_staff("cs", language="ja")
    for address in ("203.0.113.9", "203.0.113.10"):
        tell_locked_out(user, address=address, now=NOW)

    send_waiting(now=NOW)

    [message] = mail.outbox
    assert message.subject == "Koe アカウントへのログインが試みられました"
    assert "203.0.113.9" in message.body


def test_what_another_worker_has_in_hand_is_not_sent_a_second_time() -> None:
    user = make_staff("cs")
    ask_for_reset(user.email, language="en", now=NOW)
    seen = StaffMail.objects.get()
    StaffMail.objects.update(next_at=NOW + AGAIN)

    assert not log_in_mails._sent(seen, now=NOW)

    assert mail.outbox == []


@pytest.mark.parametrize(("code", "left"), [(450, 1), (550, 0)])
def test_an_address_that_is_refused_for_good_is_not_tried_again(monkeypatch, code, left) -> None:
    user = make_staff("cs")

    def refuse(*_: object, **__: object) -> None:
        raise smtplib.SMTPRecipientsRefused({user.email: (code, b"no")})

    monkeypatch.setattr(staff, "send_mail", refuse)
    ask_for_reset(user.email, language="en", now=NOW)

    send_waiting(now=NOW)

    assert StaffMail.objects.count() == left
