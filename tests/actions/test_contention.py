"""What races for one follow-up: answers that arrive at once, and staff who close it meanwhile."""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable

import pytest
from django.db.models import Q

from actions.domain.follow_ups.states import State
from actions.domain.replies import ReplyState
from actions.models import FollowUp, Reply
from actions.queries.follow_ups.balance import balance
from actions.queries.replies import Draft
from actions.services import replies
from actions.services.follow_ups import work
from actions.services.follow_ups.work import Act, Stale
from surveys.domain.mail.delivery import AttemptOutcome, Phase, Verdict
from surveys.models import Response
from surveys.sending import Letter
from surveys.sending.transports.base import Result
from surveys.services.answers.receive import AnswerOutcome, receive
from surveys.services.people import erase
from tests.actions.following import OWNER, answered
from tests.at_once import run_at_once
from tests.staffing import make_staff
from tests.world import HOUR, NOW, make_customer, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
AT_ONCE = 6


def test_parallel_answers_share_one_follow_up_and_closing_loses_none() -> None:
    owner = make_staff("cs", OWNER)
    customer = make_customer(owner_email=OWNER)
    links = [
        make_invitation(make_respondent(customer=customer), state="sent", sent_at=NOW).public_id
        for _ in range(2 * AT_ONCE)
    ]

    def answers(link: str) -> Callable[[], None]:
        def post() -> None:
            receive(link, {"score": ["2"]}, now=NOW)

        return post

    closed: list[Act] = []

    def closes() -> None:
        found = FollowUp.objects.exclude(state=State.CLOSED).first()
        try:
            act = Act(found, found.version, owner, NOW + HOUR)
            work.close(act, cause="price", outcome="Done.", contacted=True)
            closed.append(act)
        except Stale:
            pass

    run_at_once([answers(link) for link in links[:AT_ONCE]])
    assert FollowUp.objects.count() == 1

    run_at_once([*(answers(link) for link in links[AT_ONCE:]), closes])

    assert FollowUp.objects.exclude(state=State.CLOSED).count() <= 1
    found = balance()
    assert (found.detractors, found.followed_up, found.faults) == (2 * AT_ONCE, 2 * AT_ONCE, 0)
    # Whoever closed it had seen every answer in it: each counts the version up by one.
    assert [each.follow_up.cases.count() for each in closed] == [each.seen for each in closed]


def test_an_answer_that_meets_its_persons_erasure_waits_for_it(monkeypatch) -> None:
    """Both write to the follow-up and look at the invitation; what came too late is not kept."""
    admin, customer = make_staff("admin", OWNER), make_customer(owner_email=OWNER)
    respondent = make_respondent(customer=customer)
    links = [make_invitation(respondent, state="sent", sent_at=NOW).public_id for _ in range(2)]
    receive(links[0], {"score": ["2"], "comment": ["Aya"]}, now=NOW)
    under_way, forget = threading.Event(), erase.forget_answers
    outcomes: list[AnswerOutcome] = []

    def forget_slowly(whose: Q) -> None:
        under_way.set()
        time.sleep(0.5)  # The answer comes as far as it can.
        forget(whose)

    def answers() -> None:
        under_way.wait(timeout=30)
        receipt = receive(links[1], {"score": ["1"], "comment": ["Aya"]}, now=NOW)
        outcomes.append(receipt.outcome)

    monkeypatch.setattr(erase, "forget_answers", forget_slowly)
    run_at_once([answers, lambda: erase.erase_person(respondent.person, by=admin, now=NOW)])

    assert outcomes == [AnswerOutcome.NO_LINK]
    assert list(Response.objects.values_list("comment", flat=True)) == [""]


def test_presses_at_once_write_one_reply_and_senders_at_once_send_it_once(monkeypatch) -> None:
    owner = make_staff("cs", OWNER)
    response = answered(3)
    found, to, key = response.case.follow_up, response.invitation.respondent, uuid.uuid4()
    sent: list[Letter] = []

    def send(letter: Letter, *, now: dt.datetime) -> Result:
        sent.append(letter)
        return Result(Phase.ACCEPTED, 250, "ok", Verdict(AttemptOutcome.SENT, ""))

    monkeypatch.setattr(replies, "send_letter", send)

    def press() -> None:
        act = Act(FollowUp.objects.get(pk=found.pk), found.version, owner, NOW)
        replies.write_reply(act, Draft("x", "y"), to=to, key=key)

    def send_all() -> None:
        replies.send_due(now=NOW)

    run_at_once([press] * AT_ONCE)
    assert Reply.objects.count() == 1
    run_at_once([send_all] * AT_ONCE)

    assert len(sent) == 1
    assert Reply.objects.get().state == ReplyState.SENT
