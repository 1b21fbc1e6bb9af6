from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from actions.domain.follow_ups.states import State
from actions.models import Delivery, FollowUp
from actions.services.alerts.overdue import tell_overdue as queue_overdue
from tests.actions.alerting import tick
from tests.actions.following import OWNER, answered
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def tell_overdue(*, now: dt.datetime) -> None:
    Delivery.objects.exclude(event="follow_ups.overdue").delete()
    queue_overdue(now=now)
    tick(now)


def told() -> list[tuple[str, str]]:
    sent = [(each.to[0], str(each.subject)) for each in mail.outbox]
    mail.outbox.clear()
    return sent


def test_the_owner_is_told_once_then_the_admins_and_again_when_it_was_put_off() -> None:
    make_staff("cs", OWNER)
    make_staff("admin", language="ja")
    for _ in range(2):
        answered(2)
    closed = answered(3, customer=make_customer()).case.follow_up
    FollowUp.objects.update(due_at=NOW)
    FollowUp.objects.filter(pk=closed.pk).update(
        state=State.CLOSED, closed_at=NOW, closed_as="done", root_cause="price"
    )

    tell_overdue(now=NOW)
    assert told() == []
    for hours in (1, 2):
        tell_overdue(now=NOW + hours * HOUR)
    assert told() == [(OWNER, "2 follow-ups are overdue")]
    for days in (2, 3):
        tell_overdue(now=NOW + days * DAY)
    assert told() == [("admin@koe.example", "2 件のフォローアップが期限を過ぎています")]

    FollowUp.objects.exclude(pk=closed.pk).update(due_at=NOW + 5 * DAY)
    tell_overdue(now=NOW + 4 * DAY)
    assert told() == []
    tell_overdue(now=NOW + 5 * DAY + HOUR)
    assert told() == [(OWNER, "2 follow-ups are overdue")]


def test_what_is_nobodys_is_the_admins() -> None:
    make_staff("admin", language="en")
    answered(2, customer=make_customer(name="Ember"))
    FollowUp.objects.update(due_at=NOW)

    tell_overdue(now=NOW + 2 * DAY)

    assert "Ember" in mail.outbox[0].body
    assert [to for to, _ in told()] == ["admin@koe.example"]
