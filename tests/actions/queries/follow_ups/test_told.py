from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import StaffUser
from actions.domain.follow_ups.states import Dismissal
from actions.models import FollowUp
from actions.queries.follow_ups.told import told
from actions.services.follow_ups import work
from actions.services.follow_ups.work import Act
from tests.actions.following import answered
from tests.staffing import logged_in, make_staff
from tests.world import HOUR, NOW, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def mika() -> StaffUser:
    return make_staff("admin", name="Mika")


def act(found: FollowUp, hours: int, by: StaffUser) -> Act:
    found.refresh_from_db()
    return Act(found, found.version, by, NOW + hours * HOUR)


def test_the_timeline_tells_what_was_done_and_how_it_ended(mika: StaffUser) -> None:
    found = answered(3, comment="Too slow.").case.follow_up
    work.start(act(found, 1, mika))
    work.snooze(act(found, 2, mika), until=dt.date(2200, 1, 1), reason="Away.")
    work.comment(act(found, 3, mika), text="They called back.", contacted=False)
    work.close(act(found, 4, mika), cause="price", outcome="A discount.", contacted=True)

    lines = [(each.text, each.words, each.who) for each in told(found.customer)]

    assert lines == [
        ("Follow-up “Low score”: Closed: Price", "A discount.", "Mika"),
        ("Follow-up “Low score”: Comment", "They called back.", "Mika"),
        ("Follow-up “Low score”: Opened", "", "Koe"),
    ]
    url = reverse("customers:detail", args=[found.customer_id])
    page = logged_in(mika).get(url, {"kind": "work"}).content.decode()
    assert "A discount." in page
    assert page.count(f'href="{reverse("actions:follow-up-detail", args=[found.pk])}"') >= 3


def test_one_that_was_dismissed_says_why(mika: StaffUser) -> None:
    found = answered(3).case.follow_up
    work.dismiss(act(found, 1, mika), reason=Dismissal.MISTAKE, note="Wrong key.")

    line = next(iter(told(found.customer)))
    assert line.text == "Follow-up “Low score”: Closed: Dismissed (Answered by mistake)"
    assert line.words == "Wrong key."


def test_of_another_customer_nothing_is_told_and_queries_stay_few(
    mika: StaffUser, django_assert_max_num_queries: Any
) -> None:
    customer = make_customer()
    found = answered(3, customer=customer).case.follow_up
    for each in range(4):
        work.comment(act(found, each + 1, mika), text=f"Call {each}.", contacted=False)

    assert list(told(make_customer())) == []
    with django_assert_max_num_queries(3):
        assert len(list(told(customer))) == 5
