from __future__ import annotations

import smtplib

import pytest
from django.core import mail

from surveys.services.verify import verify_promises
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_invitation, make_respondent, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken() -> None:
    """Three mails within a year, two of them without a slot."""
    respondent = make_respondent()
    for number in range(3):
        make_invitation(respondent, state="sent", sent_at=NOW - number * DAY)


def test_nobody_is_told_where_all_is_well() -> None:
    make_staff("admin")
    send(make_respondent(), now=NOW)

    assert verify_promises(now=NOW) == []
    assert mail.outbox == []


def test_admins_are_told_each_in_their_language_and_nobody_else(broken, caplog) -> None:
    make_staff("admin", "en@koe.example", language="en")
    make_staff("admin", "ja@koe.example", language="ja")
    make_staff("admin", "gone@koe.example", is_active=False)
    make_staff("cs")

    wrong = verify_promises(now=NOW)

    assert wrong == [
        "3 counted mails or answers have no slot that is busy for their window",
        "1 times somebody was asked more often than allowed",
    ]
    assert [record.message for record in caplog.records] == [f"verify: {each}" for each in wrong]
    told = {message.to[0]: (message.subject, message.body) for message in mail.outbox}
    assert told == {
        "en@koe.example": ("Koe found a problem with its deliveries", "\n".join(wrong)),
        "ja@koe.example": ("Koe の配信に異常が見つかりました", "\n".join(wrong)),
    }


def test_an_admin_who_cannot_be_told_keeps_none_of_the_others_from_it(broken, monkeypatch) -> None:
    for email in ("away@koe.example", "there@koe.example"):
        make_staff("admin", email)

    def refuse_one(subject, body, sender, to):
        if to == ["away@koe.example"]:
            raise smtplib.SMTPServerDisconnected("gone")
        return mail.send_mail(subject, body, sender, to)

    monkeypatch.setattr("surveys.services.verify.send_mail", refuse_one)

    assert len(verify_promises(now=NOW)) == 2
    assert [message.to for message in mail.outbox] == [["there@koe.example"]]
