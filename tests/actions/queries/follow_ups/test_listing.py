from __future__ import annotations

import datetime as dt

import pytest

from actions.domain.follow_ups.groups import Group
from actions.domain.follow_ups.states import State
from actions.models import FollowUp
from actions.queries.follow_ups.listing import newest_responses, rows_of
from tests.actions.following import answered
from tests.world import DAY, HOUR, NOW, make_customer

pytestmark = pytest.mark.django_db


def test_rows_have_the_newest_answer_and_what_waits_stands_last() -> None:
    customer = make_customer()
    first = answered(2, customer=customer)
    newest = answered(3, customer=customer, at=NOW + HOUR)
    waiting, late = answered(1), answered(1)
    FollowUp.objects.filter(pk=waiting.case.follow_up_id).update(state=State.WAITING)
    FollowUp.objects.filter(pk=late.case.follow_up_id).update(due_at=NOW - 9 * DAY)
    found = [each.case.follow_up for each in (waiting, first, late)]
    for each in found:
        each.refresh_from_db()

    rows = rows_of(found, now=NOW + dt.timedelta(hours=2))

    assert [row.response for row in rows] == [late, newest, waiting]
    assert [row.group for row in rows] == [Group.OVERDUE, Group.WEEK, Group.WAITING]
    assert rows[0].customer == late.invitation.respondent.customer
    assert newest_responses([found[1]]) == {found[1].pk: newest}
