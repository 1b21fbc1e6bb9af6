from __future__ import annotations

import datetime as dt

import pytest

from actions.demo.follow_ups import seed_follow_ups
from actions.domain.follow_ups.states import Dismissal, State
from actions.models import AnswerCase, FollowUp, FollowUpEntry
from actions.queries.follow_ups.balance import balance
from tests.actions.following import OWNER, answered
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db


def test_the_same_answers_get_the_same_follow_ups_and_the_balance_holds() -> None:
    make_staff("cs", OWNER)
    customers = [make_customer(owner_email=OWNER) for _ in range(4)]
    for number in range(40):
        answered(number % 7, customer=customers[number % 4], at=NOW - number * 11 * DAY)

    told = []
    for _ in range(2):
        for model in (AnswerCase, FollowUpEntry, FollowUp):
            model.objects.all().delete()
        seed_follow_ups(now=NOW)
        told.append(list(FollowUp.objects.order_by("opened_at").values_list("opened_at", "state")))

    assert told[0] == told[1]
    found = balance()
    assert (found.detractors, found.waiting, found.faults) == (40, 0, 0)
    assert found.dismissed >= 6
    history = AnswerCase.objects.filter(dismissed=Dismissal.HISTORY)
    assert all(each.response.answered_at < NOW - 365 * DAY for each in history)
    closed = FollowUp.objects.filter(state=State.CLOSED)
    assert all(each.closed_at < NOW and each.root_cause for each in closed)
    # A follow-up has as many versions as answers before anybody works on it.
    assert not FollowUpEntry.objects.filter(at__gt=NOW + dt.timedelta(seconds=1)).exists()
