from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Event, StaffUser
from actions.domain.alerts.names import EventName
from actions.domain.follow_ups.states import State, Step
from actions.domain.replies import MOST_TRIES, ReplyState
from actions.models import Delivery, FollowUp, FollowUpEntry, Reply
from actions.queries.replies import Draft
from actions.services import replies
from actions.services.follow_ups.work import Act, NotAllowed, Stale, close
from actions.services.replies import Unreachable, send_due, send_reply, write_reply
from common.databases.backup import restored
from surveys.domain.mail.delivery import AttemptOutcome, Phase, Verdict
from surveys.models import Slot
from surveys.sending import Letter
from surveys.sending.transports.base import Result
from surveys.services.people.erase import erase_person
from tests.actions.following import OWNER, answered
from tests.staffing import make_staff
from tests.world import HOUR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DRAFT = Draft("About your answer", "Dear Taro, sorry.")


class WorkerKilled(BaseException):
    pass


@pytest.fixture
def owner() -> StaffUser:
    return make_staff("cs", OWNER, name="Hanako")


@pytest.fixture
def server(monkeypatch) -> Any:
    """What it was given, and what it says to the next e-mail."""

    class Server:
        sent: list[Letter]
        says: Callable[[], AttemptOutcome]

    found = Server()
    found.sent, found.says = [], lambda: AttemptOutcome.SENT

    def send(letter: Letter, *, now: dt.datetime) -> Result:
        found.sent.append(letter)
        return Result(Phase.ACCEPTED, 250, "said so", Verdict(found.says(), ""))

    monkeypatch.setattr(replies, "send_letter", send)
    return found


def written(owner: StaffUser, *, key: uuid.UUID | None = None) -> Reply:
    response = answered(3)
    follow_up = FollowUp.objects.get(pk=response.case.follow_up_id)
    act = Act(follow_up, follow_up.version, owner, NOW)
    write_reply(act, DRAFT, to=response.invitation.respondent, key=key or uuid.uuid4())
    return Reply.objects.latest("pk")


def test_what_waited_in_a_backup_does_not_leave_again_and_its_writer_is_told(owner, server) -> None:
    reply = written(owner)
    other = written(owner)
    Reply.objects.filter(pk=other.pk).update(state=ReplyState.SENT, settled_at=NOW)

    restored.send(sender=object, made_at=NOW - HOUR, now=NOW)
    sent = send_reply(reply.pk, now=NOW), send_due(now=NOW), send_due(now=NOW + HOUR)

    assert (sent, server.sent) == ((False, 0, 0), [])
    states = Reply.objects.order_by("pk").values_list("state", "settled_at")
    assert list(states) == [(ReplyState.UNKNOWN, NOW), (ReplyState.SENT, NOW)]
    told = Delivery.objects.filter(event=EventName.REPLY)
    assert [(each.staff, each.payload) for each in told] == [(owner, {"reply": reply.pk})]


def test_it_is_sent_once_and_is_a_contact_in_follow_up_and_on_the_line_of_time(
    owner, server
) -> None:
    slots = list(Slot.objects.values())
    reply = written(owner)
    assert FollowUp.objects.get().state == State.WORKING
    assert FollowUp.objects.get().first_contact_at is None

    assert [send_reply(reply.pk, now=NOW + HOUR), send_due(now=NOW + HOUR)] == [True, 0]

    (letter,) = server.sent
    assert (letter.to, letter.author, letter.reply_to) == (reply.to, "Hanako", OWNER)
    assert (letter.subject, letter.text) == (DRAFT.subject, DRAFT.text)
    reply.refresh_from_db()
    assert (reply.state, reply.settled_at) == (ReplyState.SENT, NOW + HOUR)
    assert FollowUp.objects.get().first_contact_at == NOW + HOUR
    assert FollowUpEntry.objects.get(step=Step.REPLIED).detail == {"reply": reply.pk}
    event = Event.objects.get()
    assert (event.channel, event.respondent, event.created_by) == ("mail", reply.respondent, owner)
    assert event.note == "About your answer\n\nDear Taro, sorry."
    assert [each for each in Slot.objects.values() if each in slots] == slots


def test_the_same_form_writes_one_and_a_changed_follow_up_none(owner, server) -> None:
    reply = written(owner)
    act = Act(reply.follow_up, reply.follow_up.version - 1, owner, NOW)
    write_reply(act, DRAFT, to=reply.respondent, key=reply.key)
    with pytest.raises(Stale):
        write_reply(act, DRAFT, to=reply.respondent, key=uuid.uuid4())
    assert Reply.objects.count() == 1
    assert FollowUpEntry.objects.filter(step=Step.REPLIED).count() == 1


def test_only_who_works_on_it_writes_and_not_in_a_closed_one(owner) -> None:
    response = answered(3)
    found, to = response.case.follow_up, response.invitation.respondent
    other = Act(found, found.version, make_staff("cs", "other@koe.example"), NOW)
    with pytest.raises(NotAllowed):
        write_reply(other, DRAFT, to=to, key=uuid.uuid4())
    close(Act(found, found.version, owner, NOW), cause="price", outcome="x", contacted=True)
    with pytest.raises(Stale):
        write_reply(Act(found, found.version + 1, owner, NOW), DRAFT, to=to, key=uuid.uuid4())
    assert not Reply.objects.exists()


def test_what_was_certainly_not_taken_is_tried_again_and_given_up_in_the_end(owner, server) -> None:
    reply, now = written(owner), NOW
    server.says = lambda: AttemptOutcome.RETRY
    for tries in range(1, MOST_TRIES + 1):
        assert send_due(now=now) == 1
        assert send_due(now=now) == 0
        reply.refresh_from_db()
        assert reply.tries == tries
        now = reply.next_try_at
    assert (reply.state, reply.answer) == (ReplyState.FAILED, "said so")
    assert not Event.objects.exists()
    assert FollowUp.objects.get().first_contact_at is None


def test_what_is_killed_in_between_is_unknown_and_never_sent_again(owner, server) -> None:
    reply = written(owner)

    def killed() -> AttemptOutcome:
        raise WorkerKilled

    server.says = killed
    with pytest.raises(WorkerKilled):
        send_reply(reply.pk, now=NOW)

    assert send_due(now=NOW + 100 * HOUR) == 0
    assert not send_reply(reply.pk, now=NOW + 100 * HOUR)
    assert len(server.sent) == 1
    reply.refresh_from_db()
    assert reply.state == ReplyState.UNKNOWN


def test_with_an_erased_person_text_and_address_go_and_nothing_is_sent(owner, server) -> None:
    waits = written(owner)
    person, admin = waits.respondent.person, make_staff("admin")
    sent = written(owner)
    send_reply(sent.pk, now=NOW)
    under_way = written(owner)
    server.says = lambda: (
        erase_person(under_way.respondent.person, by=admin, now=NOW) and AttemptOutcome.SENT
    )
    send_reply(under_way.pk, now=NOW)

    for each in (person, sent.respondent.person):
        erase_person(each, by=admin, now=NOW)

    assert send_due(now=NOW + HOUR) == 0
    assert len(server.sent) == 2
    gone = Reply.objects.order_by("pk").values_list("state", "to", "subject", "text", "answer")
    assert list(gone) == [
        (state, "", "", "", "") for state in (ReplyState.FAILED, ReplyState.SENT, ReplyState.SENT)
    ]
    assert set(Event.objects.values_list("email", "note")) == {("", "")}
    response = answered(2)
    found, to = response.case.follow_up, response.invitation.respondent
    erase_person(to.person, by=admin, now=NOW)
    with pytest.raises(Unreachable):
        write_reply(Act(found, found.version, admin, NOW), DRAFT, to=to, key=uuid.uuid4())


def test_a_reply_that_names_an_erased_colleague_loses_its_words_and_is_not_sent(
    owner, server
) -> None:
    reply = written(owner)
    colleague = answered(9, customer=reply.follow_up.customer).invitation.respondent
    colleague.name = "Taro"
    colleague.save()

    erase_person(colleague.person, by=owner, now=NOW)

    reply.refresh_from_db()
    assert (reply.state, reply.text) == (ReplyState.FAILED, "")
