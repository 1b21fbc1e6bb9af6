from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from accounts.models import StaffUser
from actions.domain.follow_ups.states import ClosedAs, Dismissal, State, Step
from actions.models import FollowUp, FollowUpEntry
from actions.queries.follow_ups.balance import balance
from actions.services.follow_ups import work
from actions.services.follow_ups.work import Act, NotAllowed, Stale
from tests.actions.following import OWNER, answered
from tests.staffing import make_staff
from tests.world import DAY, HOUR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def owner() -> StaffUser:
    return make_staff("cs", OWNER)


def acts(by: StaffUser, *, found: FollowUp | None = None, now: dt.datetime = NOW + HOUR) -> Act:
    found = found or answered(3).case.follow_up
    found.refresh_from_db()
    return Act(found, found.version, by, now)


def steps(act: Act) -> list[str]:
    return [each.step for each in act.follow_up.entries.all()][1:]


def test_a_follow_up_from_its_start_to_its_end(owner) -> None:
    act = acts(owner)
    work.start(act)
    act = acts(owner, found=act.follow_up, now=NOW + 2 * HOUR)
    work.comment(act, text="Called them.", contacted=True)
    act = acts(owner, found=act.follow_up, now=NOW + 3 * HOUR)
    work.snooze(act, until=dt.date(2026, 11, 28), reason="They are away.")
    act = acts(owner, found=act.follow_up)
    # The 28th is a Saturday.
    assert act.follow_up.due_at == dt.datetime(2026, 11, 30, 18, tzinfo=dt.UTC)
    assert act.follow_up.first_due_at == NOW + DAY + 9 * HOUR
    assert act.follow_up.state == State.WAITING
    act = acts(owner, found=act.follow_up, now=NOW + 9 * DAY)
    work.close(act, cause="price", outcome="A discount.", contacted=True)

    found = FollowUp.objects.get()
    assert (found.state, found.closed_as, found.root_cause) == ("closed", "done", "price")
    assert found.first_contact_at == NOW + 2 * HOUR
    assert steps(act) == [Step.STARTED, Step.CONTACTED, Step.SNOOZED, Step.CLOSED]


def test_who_acts_on_what_has_changed_meanwhile_is_refused_and_nothing_is_written(owner) -> None:
    act = acts(owner)
    answered(1, customer=act.follow_up.customer)

    with pytest.raises(Stale):
        work.close(act, cause="price", outcome="Done.", contacted=True)
    assert FollowUp.objects.get().state == State.OPEN
    assert steps(act) == [Step.JOINED]


def test_only_the_owner_or_an_admin_works_on_it_and_others_comment_or_take_it(owner) -> None:
    other = make_staff("cs", "other@koe.example")
    act = acts(other)
    for refused in (
        lambda: work.start(act),
        lambda: work.snooze(act, until=dt.date(2026, 12, 1), reason="x"),
        lambda: work.close(act, cause="price", outcome="x", contacted=False),
        lambda: work.dismiss(act, reason=Dismissal.SOLVED, note="x"),
        lambda: work.reopen(act, reason="x"),
        lambda: work.assign(act, to=make_staff("cs", "third@koe.example")),
    ):
        with pytest.raises(NotAllowed):
            refused()

    work.comment(act, text="I know them.", contacted=False)
    act = acts(other, found=act.follow_up)
    work.assign(act, to=other)
    work.start(acts(other, found=act.follow_up))
    work.close(
        acts(make_staff("admin"), found=act.follow_up), cause="price", outcome="x", contacted=False
    )
    assert FollowUp.objects.get().first_contact_at is None


def test_a_dismissal_says_why_at_each_answer(owner) -> None:
    act = acts(owner)
    answered(1, customer=act.follow_up.customer)
    act = acts(owner, found=act.follow_up)

    work.dismiss(act, reason=Dismissal.SOLVED, note="Support has helped.")

    assert act.follow_up.cases.count() == 0
    assert FollowUp.objects.get().closed_as == ClosedAs.DISMISSED
    found = balance()
    assert (found.detractors, found.dismissed, found.faults) == (2, 2, 0)


def test_what_is_closed_is_reopened_unless_another_is_open_for_the_same_reason(owner) -> None:
    act = acts(owner)
    work.close(act, cause="price", outcome="Done.", contacted=True)
    closed = act.follow_up
    with pytest.raises(Stale):
        work.start(acts(owner, found=closed))
    work.reopen(acts(owner, found=closed, now=NOW + 10 * DAY), reason="They wrote again.")
    closed.refresh_from_db()
    assert (closed.state, closed.closed_at) == (State.WORKING, None)
    assert closed.due_at > NOW + 10 * DAY

    work.close(acts(owner, found=closed), cause="price", outcome="Done.", contacted=True)
    answered(1, customer=closed.customer)
    with pytest.raises(Stale):
        work.reopen(acts(owner, found=closed), reason="x")


def test_history_cannot_be_edited(owner) -> None:
    act = acts(owner)
    entry = FollowUpEntry.objects.get()
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(Stale):
        work.start(replace(act, seen=0))
