from __future__ import annotations

import uuid

import pytest

from accounts.models import StaffUser
from actions.domain.follow_ups.states import State
from actions.domain.replies import ReplyState
from actions.models import FollowUp, Reply
from actions.queries.home.found import Scope
from actions.queries.home.replies import unsent_replies
from tests.actions.following import OWNER, answered
from tests.staffing import logged_in, make_staff
from tests.world import HOUR, NOW, SECOND

pytestmark = pytest.mark.django_db


def unsent(author: StaffUser | None, state: ReplyState = ReplyState.FAILED) -> Reply:
    response = answered(3)
    return Reply.objects.create(
        follow_up=response.case.follow_up, respondent=response.invitation.respondent,
        key=uuid.uuid4(), author=author, reply_to=OWNER, to="x@example.com", subject="About it",
        text="Sorry, Taro.", written_at=NOW, state=state, next_try_at=NOW,
        settled_at=None if state is ReplyState.WAITING else NOW,
    )  # fmt: skip


def test_ones_own_and_those_of_who_is_gone_until_they_are_seen_to() -> None:
    me, other = make_staff("cs", OWNER), make_staff("cs", "other@koe.example")
    gone = make_staff("cs", "gone@koe.example", is_active=False)
    mine = [unsent(me), unsent(me, ReplyState.UNKNOWN), unsent(gone), unsent(None)]
    theirs = unsent(other)
    for state in (ReplyState.SENT, ReplyState.WAITING):
        unsent(me, state)
    # In hand: nothing is known of it yet.
    Reply.objects.filter(pk=unsent(me, ReplyState.UNKNOWN).pk).update(settled_at=None)

    found = unsent_replies(Scope(me, NOW, is_mine=True))
    assert [line.about for line in found.take(0, 9)] == mine
    assert [line.about for line in found.take(1, 2)] == mine[1:2]
    everybodys = unsent_replies(Scope(me, NOW, is_mine=False))
    assert [line.about for line in everybodys.take(0, 9)] == [*mine, theirs]

    FollowUp.objects.filter(pk=mine[0].follow_up_id).update(
        state=State.CLOSED, closed_at=NOW + SECOND, closed_as="done", root_cause="price"
    )
    again = unsent(me, ReplyState.WAITING)
    Reply.objects.filter(pk=again.pk).update(follow_up=mine[1].follow_up_id)
    found = unsent_replies(Scope(me, NOW, is_mine=True))
    assert [line.about for line in found.take(0, 9)] == mine[2:]


def test_one_that_failed_after_its_follow_up_was_closed_is_told_all_the_same() -> None:
    me = make_staff("cs", OWNER)
    reply = unsent(me)
    FollowUp.objects.update(
        state=State.CLOSED, closed_at=NOW - HOUR, closed_as="done", root_cause="price"
    )
    assert unsent_replies(Scope(me, NOW, is_mine=True)).take(0, 9)[0].about == reply


def test_home_and_the_follow_up_say_so_and_its_words_are_there_to_be_sent_again() -> None:
    me = make_staff("cs", OWNER)
    reply, unknown = unsent(me), unsent(me, ReplyState.UNKNOWN)
    client = logged_in(me)

    assert "About it: Not sent" in client.get("/").content.decode()
    page = client.get(f"/follow-ups/{reply.follow_up_id}/").content.decode()
    assert "was not sent." in page
    link = f"/follow-ups/{reply.follow_up_id}/reply/?to={reply.respondent_id}&again={reply.pk}"
    assert link.replace("&", "&amp;") in page
    assert "Sorry, Taro." in client.get(link).content.decode()
    elsewhere = f"/follow-ups/{unknown.follow_up_id}/"
    assert "Nobody knows whether" in client.get(elsewhere).content.decode()
    assert "Sorry, Taro." not in client.get(f"{elsewhere}reply/?again={reply.pk}").content.decode()
