from __future__ import annotations

import pytest
from django.core import mail

from surveys.models import Response
from surveys.services.answers import receive
from surveys.services.answers.notify import notify_detractor, notify_due
from tests.surveys.helpers.answering import HUMAN, after, answer
from tests.surveys.helpers.invited import invite


@pytest.fixture
def enqueued(monkeypatch) -> list[tuple]:
    calls: list[tuple] = []
    monkeypatch.setattr(receive, "enqueue", lambda *args: calls.append(args))
    return calls


@pytest.mark.django_db
def test_owner_is_told_once_with_score_comment_and_link() -> None:
    invitation = invite(owner_email="owner@example.com", name="Hanako\r\nBcc: x@example.com")
    response = answer(invitation, 2, 0, comment="<b>It broke</b>")

    assert notify_detractor(response.pk, now=after(5)) is True
    assert notify_detractor(response.pk, now=after(6)) is False
    (message,) = mail.outbox
    assert message.to == ["owner@example.com"]
    assert message.subject == f"{invitation.respondent.customer} answered 2 of 10"
    assert "<b>It broke</b>" in message.body
    assert f"/responses/{response.pk}/" in message.body
    assert message.message().as_bytes().isascii()


@pytest.mark.django_db
def test_sweep_tells_owners_what_no_task_told_but_no_old_or_set_aside_answers() -> None:
    quiet = answer(invite(owner_email="owner@example.com"), 3, 0)
    scanned = invite(owner_email="owner@example.com")
    for at, score in enumerate((0, 1, 2)):
        answer(scanned, score, at)
    answer(invite(owner_email=""), 3, 0)
    answer(invite(owner_email="owner@example.com"), 9, 0)
    answer(invite(owner_email="owner@example.com"), 3, -5 * 86400)

    assert notify_due(now=after(30)) == 0
    assert notify_due(now=after(90)) == 1
    assert notify_due(now=after(91)) == 0
    assert Response.objects.exclude(owner_told_at=None).get() == quiet


@pytest.mark.django_db
def test_nobody_is_told_of_a_respondent_without_a_customer(enqueued) -> None:
    invitation = invite(owner_email="owner@example.com")
    invitation.respondent.customer = None
    invitation.respondent.save()
    response = answer(invitation, 2, 0, signals=HUMAN)

    assert enqueued == []
    assert notify_detractor(response.pk, now=after(5)) is False
    assert notify_due(now=after(90)) == 0
    assert mail.outbox == []
