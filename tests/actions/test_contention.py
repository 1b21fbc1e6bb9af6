"""What races for one follow-up: answers that arrive at once, and staff who close it meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from actions.domain.follow_ups.states import State
from actions.models import FollowUp
from actions.queries.follow_ups.balance import balance
from actions.services.follow_ups import work
from actions.services.follow_ups.work import Act, Stale
from surveys.queries.answers.by_link import find_invitation
from surveys.services.answers.receive import record_response
from tests.actions.following import OWNER
from tests.staffing import make_staff
from tests.world import HOUR, NOW, make_customer, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
AT_ONCE = 6


def run_at_once(tasks: list[Callable[[], None]]) -> None:
    barrier = threading.Barrier(len(tasks))
    faults: list[BaseException] = []

    def run(task: Callable[[], None]) -> None:
        try:
            barrier.wait(timeout=30)
            task()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_parallel_answers_share_one_follow_up_and_closing_loses_none() -> None:
    owner = make_staff("cs", OWNER)
    customer = make_customer(owner_email=OWNER)
    links = [
        make_invitation(make_respondent(customer=customer), state="sent", sent_at=NOW).public_id
        for _ in range(2 * AT_ONCE)
    ]

    def answers(link: str) -> Callable[[], None]:
        def post() -> None:
            record_response(find_invitation(link), score=2, now=NOW)

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
