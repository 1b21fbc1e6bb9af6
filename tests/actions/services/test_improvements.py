"""What is done to an improvement is a line of the audit log."""

from __future__ import annotations

import pytest

from accounts.models import AuditEvent
from actions.domain.follow_ups.states import Step
from actions.models import FollowUpEntry, Improvement
from actions.services.improvements import (
    conclude,
    delete_improvement,
    link,
    save_improvement,
    unlink,
)
from tests.actions.following import answered
from tests.actions.goals import NOW, make_improvement
from tests.analytics import world
from tests.staffing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_each_act_is_written_down_with_who_did_it() -> None:
    by = make_staff("cs")
    row = make_improvement(world.make_dimension("plan"))
    stale = Improvement.objects.get(pk=row.pk)

    row.name = "Gifts"
    save_improvement(row, by=by, now=NOW)
    # One column alone: what somebody changed meanwhile stays.
    conclude(stale, "It helped.", by=by, now=NOW)
    row.measures = "More of them."
    save_improvement(row, by=by, now=NOW)
    row.refresh_from_db()
    assert (row.name, row.measures, row.outcome) == ("Gifts", "More of them.", "It helped.")
    delete_improvement(row, by=by, now=NOW)

    assert not Improvement.objects.exists()
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "actor")) == [
        ("improvement.save", by.pk),
        ("improvement.conclude", by.pk),
        ("improvement.save", by.pk),
        ("improvement.delete", by.pk),
    ]


def test_a_link_is_made_once_and_stands_in_the_history_of_the_follow_up() -> None:
    by, found = make_staff("cs"), answered(3).case.follow_up
    row = make_improvement(world.make_dimension("plan"))

    for _ in range(2):
        link(row, found, by=by, now=NOW)
    entry = FollowUpEntry.objects.get(step=Step.IMPROVES)
    assert (entry.follow_up, entry.by, entry.detail) == (found, by, {"to": "Referral gifts"})
    assert list(Improvement.objects.filter(follow_ups=found)) == [row]

    for _ in range(2):
        unlink(row, found, by=by, now=NOW)
    assert not row.follow_ups.exists()
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "detail__after")) == [
        ("improvement.link", f"follow-up {found.pk}"),
        ("improvement.unlink", f"follow-up {found.pk}"),
    ]


def test_what_it_came_from_outlives_it() -> None:
    found = answered(3).case.follow_up
    row = make_improvement(world.make_dimension("plan"))
    save_improvement(row, by=make_staff("cs"), now=NOW, answers_to=found)

    delete_improvement(row, by=make_staff("admin"), now=NOW)

    found.refresh_from_db()
    assert not Improvement.objects.filter(follow_ups=found).exists()
