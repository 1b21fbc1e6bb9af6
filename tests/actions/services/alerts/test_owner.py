from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import AuditEvent, Customer, StaffUser
from actions.models import Delivery, FollowUp
from surveys.models import Response
from tests.actions.alerting import states, tick
from tests.staffing import make_staff
from tests.surveys.helpers.answering import HUMAN, after, answer
from tests.surveys.helpers.invited import invite
from tests.world import make_campaign

pytestmark = pytest.mark.django_db
OWNER = "owner@example.com"


def test_owner_is_told_once_in_their_language_with_words_account_and_what_to_do() -> None:
    make_staff("cs", OWNER, language="ja")
    invitation = invite(owner_email=OWNER, name="Hanako\r\nBcc: x@example.com")
    Customer.objects.update(name="Ember\r\nBcc: y@example.com", renews_on=after(0).date())
    answer(invitation, 2, 0, comment="<b>It broke</b>", signals=HUMAN)

    assert [tick(after(seconds)) for seconds in (0, 6)] == [1, 0]
    (message,) = mail.outbox
    assert message.to == [OWNER]
    assert message.subject.endswith(" から 2（10 点満点）の回答がありました")
    assert "\n" not in message.subject
    assert "Bcc" not in message.message()
    assert "<b>It broke</b>" in message.body
    sent: Any = message
    page = sent.alternatives[0].content
    assert "&lt;b&gt;It broke&lt;/b&gt;" in page
    for text in (message.body, page):
        assert "までに連絡し" in text
        assert "(あと 0 日)" in text
    assert message.message().as_bytes().isascii()


def test_an_address_of_an_import_that_is_no_active_account_is_told_nothing() -> None:
    answer(invite(owner_email="anybody@elsewhere.example"), 2, 0)
    make_staff("cs", OWNER, is_active=False)
    answer(invite(owner_email=OWNER), 2, 0)

    assert (tick(after(45)), mail.outbox, Delivery.objects.count()) == (0, [], 0)
    assert not AuditEvent.objects.filter(action="alert.send").exists()


def test_who_has_left_since_is_told_nothing() -> None:
    owner = make_staff("cs", OWNER)
    answer(invite(owner_email=OWNER), 2, 0)
    StaffUser.objects.filter(pk=owner.pk).update(is_active=False)

    assert (tick(after(45)), mail.outbox) == (0, [])


def test_what_was_told_stands_in_the_audit_log() -> None:
    make_staff("cs", OWNER)
    response = answer(invite(owner_email=OWNER.upper()), 2, 0)

    assert tick(after(45)) == 1
    event = AuditEvent.objects.get(action="alert.send")
    assert (event.actor, event.target) == (None, f"response {response.pk}")
    assert event.detail == {"event": "answer.owner", "to": OWNER}


def test_who_made_the_campaign_is_told_where_the_account_has_no_owner() -> None:
    maker = make_staff("cs", "maker@example.com")
    invitation = invite(owner_email="")
    invitation.campaign = make_campaign(created_by=maker)
    invitation.save()
    answer(invitation, 2, 0)

    assert tick(after(45)) == 1
    assert mail.outbox[0].to == ["maker@example.com"]


def test_a_gesture_is_told_of_at_once_others_when_no_burst_followed_and_old_ones_never() -> None:
    make_staff("cs", OWNER)
    answer(invite(owner_email=OWNER), 3, 0)
    scanned = invite(owner_email=OWNER)
    for at, score in enumerate((0, 1, 2)):
        answer(scanned, score, at)
    answer(invite(owner_email=""), 3, 0)
    answer(invite(owner_email=OWNER), 9, 0)
    answer(invite(owner_email=OWNER), 3, 0, signals=HUMAN)
    history = invite(owner_email=OWNER, sent_at=after(-6 * 86400))
    history.reason = "imported"
    history.save()
    answer(history, 3, 0)

    assert [tick(after(seconds)) for seconds in (0, 29, 32, 90)] == [1, 0, 1, 0]
    # What was set aside has left the queue.
    assert states() == [("answer.owner", "sent")] * 2


def test_a_change_does_not_put_it_off_and_praise_takes_the_news_away() -> None:
    make_staff("cs", OWNER)
    invitation = invite(owner_email=OWNER)
    answer(invitation, 3, 0)
    answer(invitation, 4, 20)
    assert tick(after(29)) == 0

    answer(invitation, 9, 29)
    Response.objects.get().case.follow_up.cases.all().delete()
    assert (tick(after(100)), Delivery.objects.count()) == (0, 0)

    answer(invitation, 1, 120)
    assert tick(after(160)) == 1
    answer(invitation, 0, 200)
    assert tick(after(400)) == 0


def test_nobody_is_told_of_a_respondent_without_a_customer() -> None:
    invitation = invite(owner_email=OWNER)
    invitation.respondent.customer = None
    invitation.respondent.save()
    answer(invitation, 2, 0, signals=HUMAN)

    assert (tick(after(90)), mail.outbox, states()) == (0, [], [])


def test_the_link_shows_the_follow_up_and_only_a_press_begins_it() -> None:
    make_staff("cs", OWNER)
    answer(invite(owner_email=OWNER), 2, 0, comment="It broke", signals=HUMAN)
    tick(after(5))
    (path,) = re.findall(r"/follow-ups/link/\S+/", mail.outbox[0].body)
    client, found = Client(), FollowUp.objects.get()

    for method in (client.get, client.head, client.get):
        assert method(path).status_code == 200
    assert "It broke" in client.get(path).content.decode()
    assert FollowUp.objects.filter(version=found.version, state="open").exists()
    assert client.options(path).status_code == 405

    assert client.post(path)["Location"] == path
    found.refresh_from_db()
    assert (found.state, found.entries.last().by.email) == ("working", OWNER)
