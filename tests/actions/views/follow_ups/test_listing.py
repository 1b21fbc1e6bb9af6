from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import StaffUser
from actions.domain.follow_ups.states import State
from actions.models import AnswerCase, FollowUp, FollowUpRule
from tests.actions.following import OWNER, answered
from tests.staffing import logged_in, make_staff
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db
LIST = "/follow-ups/"


@pytest.fixture
def owner() -> StaffUser:
    return make_staff("cs", OWNER)


@pytest.fixture
def reader(owner: StaffUser) -> Client:
    return logged_in(owner)


def shown(client: Client, query: str = "") -> list[FollowUp]:
    return [row.follow_up for _, row in client.get(f"{LIST}{query}").context["rows"]]


def test_the_views_and_their_numbers(reader, owner) -> None:
    late = answered(2).case.follow_up
    nobodys = answered(3, customer=make_customer()).case.follow_up
    waiting = answered(4).case.follow_up
    closed = answered(5).case.follow_up
    far = NOW + 3650 * DAY
    FollowUp.objects.exclude(pk=late.pk).update(due_at=far)
    FollowUp.objects.filter(pk=late.pk).update(due_at=NOW - 3650 * DAY)
    FollowUp.objects.filter(pk=waiting.pk).update(state=State.WAITING)
    FollowUp.objects.filter(pk=closed.pk).update(
        state=State.CLOSED, closed_as="done", root_cause="price", closed_at=NOW
    )

    page = reader.get(LIST)
    assert shown(reader) == [late, waiting]
    assert shown(reader, "?view=unassigned") == [nobodys]
    assert shown(reader, "?view=overdue") == [late]
    assert shown(reader, "?view=waiting") == [waiting]
    assert shown(reader, "?view=all") == [late, nobodys, waiting]
    assert shown(reader, "?view=done") == [closed]
    assert [each["count"] for each in page.context["tabs"]] == [2, 1, 1, 1, 3, None]
    assert shown(reader, f"?view=all&q={nobodys.customer.customer_id}") == [nobodys]
    assert shown(reader, f"?view=all&owner={owner.pk}&why=score") == [late, waiting]
    assert shown(reader, "?view=all&why=manual") == []


def test_it_costs_as_many_queries_for_one_as_for_many(reader) -> None:
    answered(2)
    with CaptureQueriesContext(connection) as one:
        reader.get(LIST)
    for _ in range(3):
        answered(2)
    with CaptureQueriesContext(connection) as many:
        reader.get(LIST)

    assert len(one) == len(many)


def test_several_are_given_to_somebody_and_anothers_stay(reader, owner) -> None:
    other = make_staff("cs", "other@koe.example")
    theirs, mine = answered(2).case.follow_up, answered(2).case.follow_up
    FollowUp.objects.filter(pk=theirs.pk).update(owner=make_staff("cs", "third@koe.example"))
    form: dict[str, Any] = {
        "to": other.pk, "chosen": [mine.pk, theirs.pk], "query": "view=all&q=%0d"
    }  # fmt: skip

    answer = reader.post(reverse("actions:follow-up-assign"), form)

    assert answer["Location"] == f"{LIST}?view=all&q=%0d"
    assert [FollowUp.objects.get(pk=each.pk).owner.email for each in (mine, theirs)] == [
        "other@koe.example", "third@koe.example",
    ]  # fmt: skip
    said = [str(each) for each in reader.get(LIST).context["messages"]]
    assert len(said) == 2


def test_answers_that_wait_are_in_sight_until_somebody_decides(reader) -> None:
    FollowUpRule.objects.create(trigger="score", level=0, due_hours=8)
    first, second = answered(5, comment="So slow"), answered(4)
    page = reader.get(reverse("actions:answer-list"))
    assert list(page.context["rows"]) == [second, first]
    assert reader.get(LIST).context["waiting"] == 2

    bad = reader.post(reverse("actions:answer-list"), {"chosen": first.pk, "reason": "history"})
    assert bad.status_code == 422
    reader.post(
        reverse("actions:answer-list"),
        {"chosen": first.pk, "reason": "solved", "note": "", "seen": 0},
    )
    made = reader.post(reverse("actions:answer-follow-up", args=[second.pk]))
    assert AnswerCase.objects.get(response=first).dismissed == "solved"
    assert made["Location"] == reverse("actions:follow-up-detail", args=[FollowUp.objects.get().pk])
    again = reader.post(reverse("actions:answer-follow-up", args=[second.pk]))
    assert again["Location"] == reverse("surveys:response-detail", args=[second.pk])
