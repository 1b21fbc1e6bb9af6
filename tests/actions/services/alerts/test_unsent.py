from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core import mail

from accounts.models import StaffUser
from actions.domain.deliveries.retrying import LEASE
from actions.domain.replies import MOST_TRIES, ReplyState
from actions.models import Delivery, FollowUp, Reply
from actions.queries.replies import Draft
from actions.services import replies
from actions.services.follow_ups.work import Act
from actions.services.replies import send_due, send_reply, write_reply
from surveys.domain.mail.delivery import AttemptOutcome, Phase, Verdict
from surveys.sending.transports.base import Result
from surveys.services.people.erase import erase_person
from tests.actions.alerting import tick
from tests.actions.following import OWNER, answered
from tests.staffing import make_staff
from tests.world import HOUR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


class WorkerKilled(BaseException):
    pass


@pytest.fixture
def says(monkeypatch) -> list[AttemptOutcome | type[BaseException]]:
    """What the mail server says to the next e-mail."""
    found: list[AttemptOutcome | type[BaseException]] = []

    def send(*_: Any, **__: Any) -> Result:
        if isinstance(said := found[-1], type):
            raise said
        return Result(Phase.ACCEPTED, 550, "no such user", Verdict(said, ""))

    monkeypatch.setattr(replies, "send_letter", send)
    return found


def written(by: StaffUser) -> Reply:
    response = answered(3)
    Delivery.objects.all().delete()
    found = FollowUp.objects.get(pk=response.case.follow_up_id)
    to = response.invitation.respondent
    act = Act(found, found.version, by, NOW)
    write_reply(act, Draft("Sorry", "Dear Taro."), to=to, key=uuid.uuid4())
    return Reply.objects.latest("pk")


def told(now: dt.datetime) -> list[tuple[str, str]]:
    tick(now)
    sent = [(each.to[0], f"{each.subject} {each.body}") for each in mail.outbox]
    mail.outbox.clear()
    return sent


def test_its_writer_is_told_once_in_their_language_with_the_way_to_write_again(says) -> None:
    reply = written(make_staff("cs", OWNER, language="ja"))
    says.append(AttemptOutcome.FAILED)

    send_reply(reply.pk, now=NOW)
    send_due(now=NOW + HOUR)

    [(to, words)] = told(NOW + HOUR)
    assert to == OWNER
    assert "送信されませんでした" in words
    assert "no such user" in words
    assert f"/follow-ups/{reply.follow_up_id}/" in words
    assert told(NOW + 2 * HOUR) == []


def test_one_that_was_put_off_is_told_of_when_nobody_tries_any_longer(says) -> None:
    reply, now = written(make_staff("cs", OWNER)), NOW
    says.append(AttemptOutcome.RETRY)
    for _ in range(MOST_TRIES):
        assert told(now) == []
        assert send_due(now=now) == 1
        reply.refresh_from_db()
        now = reply.next_try_at
    assert [to for to, _ in told(now)] == [OWNER]


def test_what_a_killed_worker_had_in_hand_is_told_of_once_it_is_surely_lost(says) -> None:
    reply = written(make_staff("cs", OWNER))
    says.append(WorkerKilled)
    with pytest.raises(WorkerKilled):
        send_reply(reply.pk, now=NOW)

    send_due(now=NOW + LEASE / 2)
    assert told(NOW + LEASE / 2) == []
    for _ in range(2):
        send_due(now=NOW + LEASE)

    [(to, words)] = told(NOW + LEASE)
    assert (to, "Nobody knows" in words) == (OWNER, True)
    reply.refresh_from_db()
    assert (reply.state, reply.settled_at) == (ReplyState.UNKNOWN, NOW + LEASE)


def test_one_that_another_ones_erasure_stopped_is_told_of_and_ones_own_is_not(says) -> None:
    owner = make_staff("cs", OWNER)
    to_others, own = written(owner), written(owner)
    colleague = answered(9, customer=to_others.follow_up.customer).invitation.respondent
    colleague.name = "Taro"
    colleague.save()

    for person in (colleague.person, own.respondent.person):
        erase_person(person, by=owner, now=NOW)
    send_due(now=NOW + HOUR)

    assert [f"/follow-ups/{to_others.follow_up_id}/" in words for _, words in told(NOW + HOUR)] == [
        True
    ]


def test_for_who_works_here_no_more_its_owner_is_told_else_the_admins(says) -> None:
    gone, admin = make_staff("cs", "gone@koe.example"), make_staff("admin")
    says.append(AttemptOutcome.FAILED)
    for owner in (make_staff("cs", "next@koe.example"), None):
        response = answered(3)
        found = response.case.follow_up
        found.owner = gone
        found.save()
        act = Act(found, found.version, gone, NOW)
        write_reply(act, Draft("x", "y"), to=response.invitation.respondent, key=uuid.uuid4())
        FollowUp.objects.filter(pk=found.pk).update(owner=owner)
    Delivery.objects.all().delete()
    StaffUser.objects.filter(pk=gone.pk).update(is_active=False)

    send_due(now=NOW)

    assert [to for to, _ in told(NOW)] == ["next@koe.example", admin.email]


def test_one_that_was_written_again_meanwhile_is_told_of_no_more(says) -> None:
    owner = make_staff("cs", OWNER)
    reply = written(owner)
    says.append(AttemptOutcome.FAILED)
    send_reply(reply.pk, now=NOW)
    found = FollowUp.objects.get()
    act = Act(found, found.version, owner, NOW)
    write_reply(act, Draft("x", "y"), to=reply.respondent, key=uuid.uuid4())

    assert told(NOW) == []
    assert not Delivery.objects.exists()
