from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import close_old_connections, connection

from surveys.models import Invitation, Response, ResponseChange
from surveys.queries.answers.by_link import find_invitation
from surveys.services.answers import record
from surveys.services.answers.notify import notify_detractor, notify_due
from surveys.services.answers.record import record_response
from tests.surveys.invited import SENT, invite

NOON = SENT + dt.timedelta(hours=3)
HUMAN = {"gesture": "pointerdown", "seconds": 12.0, "had_get": True}


def after(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


def loaded(invitation: Invitation) -> Invitation:
    found = find_invitation(invitation.public_id)
    assert found is not None
    return found


def answer(invitation: Invitation, score: int, at: float, **more) -> Response:
    return record_response(loaded(invitation), score=score, now=after(at), **more)


def ledger(invitation: Invitation) -> list[tuple[int | None, int | None]]:
    rows = ResponseChange.objects.filter(response__invitation=invitation)
    return list(rows.values_list("score_before", "score_after"))


@pytest.fixture
def enqueued(monkeypatch) -> list[tuple]:
    calls: list[tuple] = []
    monkeypatch.setattr(record, "enqueue", lambda *args: calls.append(args))
    return calls


@pytest.mark.django_db
def test_first_answer_is_stored_with_its_ledger_row() -> None:
    invitation = invite()
    response = answer(invitation, 9, 0, comment="Fast", extra={"csat": 4}, signals=HUMAN)

    stored = Response.objects.get()
    assert stored == response
    assert (stored.score, stored.comment, stored.extra) == (9, "Fast", {"csat": 4})
    assert (stored.answered_at, stored.changed_at, stored.suspect) == (NOON, NOON, False)
    assert (stored.language, stored.signals["gesture"]) == ("en", "pointerdown")
    assert ledger(invitation) == [(None, 9)]
    assert not ResponseChange.objects.get().folded


@pytest.mark.django_db
def test_change_keeps_the_day_and_the_history() -> None:
    invitation = invite()
    answer(invitation, 9, 0, comment="Fast")
    answer(invitation, 4, 3600, comment="It broke")

    stored = Response.objects.get()
    assert (stored.score, stored.comment) == (4, "It broke")
    assert (stored.answered_at, stored.changed_at) == (NOON, after(3600))
    assert ledger(invitation) == [(None, 9), (9, 4)]
    comments = ResponseChange.objects.order_by("id").values_list("comment", flat=True)
    assert list(comments) == ["Fast", "It broke"]


@pytest.mark.django_db(transaction=True)
def test_20_parallel_answers_leave_one_response_and_a_history() -> None:
    invitation = invite()
    barrier = threading.Barrier(20)
    faults: list[BaseException] = []

    def post() -> None:
        try:
            known = loaded(invitation)
            barrier.wait(timeout=30)
            record_response(known, score=8, comment="again", now=NOON)
        except BaseException as fault:
            faults.append(fault)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert Response.objects.count() == 1
    assert sorted(ledger(invitation), key=str) == [(8, 8)] * 19 + [(None, 8)]


@pytest.mark.django_db
def test_third_score_within_a_minute_sets_the_burst_aside() -> None:
    invitation = invite()
    for at, score in enumerate(range(11)):
        answer(invitation, score, at)

    assert Response.objects.get().suspect
    assert Response.objects.counted().count() == 0
    assert ledger(invitation)[:4] == [(None, 0), (0, 1), (1, None), (None, None)]


@pytest.mark.django_db
def test_person_is_believed_right_after_the_burst_of_a_scanner() -> None:
    invitation = invite()
    for at, score in enumerate(range(11)):
        answer(invitation, score, at)
    answer(invitation, 9, 20, signals=HUMAN)

    stored = Response.objects.counted().get()
    assert (stored.score, stored.answered_at) == (9, after(20))
    assert ledger(invitation)[-1] == (None, 9)


@pytest.mark.django_db
def test_person_without_javascript_is_believed_a_minute_after_the_burst() -> None:
    invitation = invite()
    for at, score in enumerate((0, 1, 2)):
        answer(invitation, score, at)
    answer(invitation, 9, 30)
    assert Response.objects.get().suspect
    answer(invitation, 9, 120)
    assert [each.score for each in Response.objects.counted()] == [9]


@pytest.mark.django_db
def test_burst_does_not_touch_what_a_person_answered_before() -> None:
    invitation = invite()
    answer(invitation, 9, 0, comment="Fast", extra={"csat": 5}, signals=HUMAN)
    for at, score in enumerate(range(11)):
        answer(invitation, score, 600 + at, comment="spam")

    stored = Response.objects.counted().get()
    assert (stored.score, stored.comment, stored.extra) == (9, "Fast", {"csat": 5})
    assert ledger(invitation)[-1] == (9, 9)


@pytest.mark.django_db
def test_gestures_do_not_save_a_burst_of_answers() -> None:
    invitation = invite()
    for at, score in enumerate((0, 1, 2)):
        answer(invitation, score, at, signals=HUMAN)
    assert Response.objects.get().suspect


@pytest.mark.django_db
def test_two_scores_in_a_minute_are_a_change_of_mind() -> None:
    invitation = invite()
    answer(invitation, 9, 0)
    answer(invitation, 3, 5)
    answer(invitation, 9, 10)
    assert ledger(invitation) == [(None, 9), (9, 3), (3, 9)]


@pytest.mark.django_db
def test_notification_is_enqueued_for_a_detractor_seen_with_a_gesture_only(enqueued) -> None:
    answer(invite(owner_email="owner@example.com"), 9, 0, signals=HUMAN)
    answer(invite(owner_email=""), 3, 0, signals=HUMAN)
    answer(invite(owner_email="owner@example.com"), 3, 0)
    assert enqueued == []
    response = answer(invite(owner_email="owner@example.com"), 6, 0, signals=HUMAN)
    assert enqueued == [("surveys.tasks.notify_detractor", response.pk)]


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
