from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from actions.models import Channel, Delivery, RunStep
from actions.queries.home.found import Line, Scope
from actions.queries.home.tasks import channels, overdue_tasks, tasks_of_today
from tests.actions.alerting import make_channel
from tests.actions.following import OWNER
from tests.actions.playbooks import make_playbook, make_run
from tests.staffing import logged_in, make_staff
from tests.world import DAY, HOUR, NOW, make_customer

pytestmark = pytest.mark.django_db


def step(title: str, due_at: dt.datetime, owner: str = OWNER) -> RunStep:
    run = make_run(make_playbook(title), make_customer(owner_email=owner))
    run.steps.update(due_at=due_at)
    return run.steps.get()


def steps(lines: list[Line]) -> list[RunStep]:
    return [line.about.step for line in lines]


def test_tasks_that_are_overdue_and_those_of_today_ones_own_and_nobodys() -> None:
    me, _other = make_staff("cs", OWNER), make_staff("cs", "other@koe.example")
    late, nobodys = step("Late", NOW - DAY), step("Nobodys", NOW - HOUR, owner="")
    today = step("Today", NOW + HOUR)
    step("Later", NOW + 2 * DAY)
    theirs = step("Theirs", NOW - 2 * DAY, owner="other@koe.example")
    scope, everybodys = Scope(me, NOW, is_mine=True), Scope(me, NOW, is_mine=False)

    assert steps(overdue_tasks(scope).take(0, 9)) == [late, nobodys]
    assert steps(overdue_tasks(scope).take(1, 2)) == [nobodys]
    assert steps(tasks_of_today(scope).take(0, 9)) == [today]
    assert steps(overdue_tasks(everybodys).take(0, 9)) == [theirs, late, nobodys]
    assert tasks_of_today(everybodys).total == 1


def test_a_channel_that_is_gone_is_told_to_who_can_set_it_right() -> None:
    channel = make_channel()
    admin, cs = make_staff("admin", "boss@koe.example"), make_staff("cs")
    assert channels(Scope(admin, NOW, is_mine=False)).total == 0
    Channel.objects.update(disabled="gone", disabled_at=NOW)

    [line] = channels(Scope(admin, NOW, is_mine=False)).take(0, 9)

    assert (line.about, line.level) == (channel, int(NOW.timestamp()))
    assert channels(Scope(cs, NOW, is_mine=False)).total == 0


def test_e_mails_to_staff_that_failed_lately_are_one_line_of_the_page() -> None:
    admin = make_staff("admin")
    at = timezone.now() - DAY
    for number in range(2):
        Delivery.objects.create(
            key=f"{number}", event="answer.owner", lane="mail", state="failed",
            created_at=at, next_at=at, settled_at=at,
        )  # fmt: skip

    [line] = channels(Scope(admin, timezone.now(), is_mine=False)).take(0, 9)
    assert (line.key, line.level) == ("mails", 2)
    page = logged_in(admin).get("/").content.decode()
    assert "/settings/alerts/e-mails/" in page
    assert "2 messages of the last 7 days were not delivered." in page
