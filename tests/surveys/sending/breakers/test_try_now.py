from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import AuditEvent
from surveys.models import DomainHealth
from surveys.sending.breakers import try_now as module
from surveys.sending.breakers.domains import Gate
from surveys.sending.breakers.try_now import try_now
from tests.staffing import make_staff
from tests.world import HOUR, NOW, make_campaign, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = NOW + HOUR


@pytest.fixture(autouse=True)
def told(monkeypatch) -> list[str]:
    tasks: list[str] = []
    monkeypatch.setattr(module, "enqueue", tasks.append)
    return tasks


def test_the_next_e_mail_is_let_through_and_what_was_put_off_comes_back(told) -> None:
    DomainHealth.objects.create(domain="", open_until=LATER, times_opened=2, failing_since=NOW)
    campaign = make_campaign()
    put_off = make_invitation(make_respondent(), campaign, send_at=LATER, dispatched_at=NOW)
    planned = make_invitation(make_respondent(), campaign, send_at=LATER - dt.timedelta(seconds=1))
    reminder = make_invitation(
        make_respondent(),
        campaign,
        state="sent",
        reminder_state="retry",
        reminder_send_at=LATER,
    )

    assert try_now("", by=make_staff(role="cs"), now=NOW)

    for row in (put_off, planned, reminder):
        row.refresh_from_db()
    assert (put_off.send_at, put_off.dispatched_at) == (NOW, None)
    assert planned.send_at == LATER - dt.timedelta(seconds=1)
    assert reminder.reminder_send_at == NOW
    # One goes as the probe; where it is refused, the pause is the next longer one.
    assert Gate(["example.com"]).pass_for("example.com", now=NOW) == ("example.com", "-")
    assert DomainHealth.objects.get().times_opened == 2
    assert told == ["surveys.tasks.dispatch"]
    assert AuditEvent.objects.get().action == "sending.try"


def test_what_its_hours_do_not_allow_now_stays(told) -> None:
    DomainHealth.objects.create(domain="", open_until=LATER)
    campaign = make_campaign(send_from=dt.time(10), send_until=dt.time(12))
    waiting = make_invitation(make_respondent(time_zone="UTC"), campaign, send_at=LATER)

    assert try_now("", by=make_staff(role="cs"), now=NOW)

    waiting.refresh_from_db()
    assert waiting.send_at == LATER


def test_a_breaker_that_is_closed_has_nothing_to_try(told) -> None:
    DomainHealth.objects.create(domain="example.com")

    cs = make_staff(role="cs")
    assert not any(try_now(each, by=cs, now=NOW) for each in ("example.com", "example.org"))
    assert (told, AuditEvent.objects.count()) == ([], 0)
