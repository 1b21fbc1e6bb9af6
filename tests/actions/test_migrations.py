"""What there was before follow-ups and goals, as the migrations take it over."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps
from django.utils import timezone

from accounts.queries.targets import known_targets
from actions.domain.follow_ups.states import ClosedAs, Dismissal
from actions.models import AnswerCase, FollowUp
from actions.queries.follow_ups.balance import balance
from surveys.models import Response
from tests.actions.following import answered
from tests.world import DAY

pytestmark = pytest.mark.django_db

LATEST = [("accounts", "0017_targets_are_goals"), ("actions", "0008_standing_goals")]


def test_notes_become_history_and_no_detractor_is_out_of_sight() -> None:
    now = timezone.now()
    noted, praised = answered(2, at=now - 200 * DAY), answered(10, at=now)
    recent, old = answered(3, at=now - DAY), answered(3, at=now - 100 * DAY)
    imported = answered(3, at=now - DAY, reason="imported")
    Response.objects.filter(pk__in=[noted.pk, praised.pk]).update(note="Called them.")
    AnswerCase.objects.all().delete()
    FollowUp.objects.all().delete()

    import_module("actions.migrations.0002_existing_answers").take_over(apps, None)

    cases = {each.response: each for each in AnswerCase.objects.all()}
    for each in (noted, praised):
        closed = cases[each].follow_up
        assert (closed.closed_as, closed.outcome) == (ClosedAs.EARLIER, "Called them.")
        assert [entry.text for entry in closed.entries.all()] == ["Called them."]
    assert (cases[recent].follow_up, cases[recent].dismissed) == (None, "")
    assert cases[old].dismissed == cases[imported].dismissed == Dismissal.HISTORY
    found = balance()
    assert (found.detractors, found.followed_up, found.dismissed, found.waiting) == (4, 1, 2, 1)
    assert found.faults == 0


@pytest.mark.django_db(transaction=True)
def test_targets_become_goals_without_an_end_and_come_back() -> None:
    before = [("accounts", "0016_tenure"), ("actions", "0007_touch_table")]
    figures = {
        "nps": Decimal("12.50000"),
        "nrr": Decimal("1.05000"),
        "clv": Decimal("1234567890.12"),
    }
    old = migrated(before)
    try:
        for metric, value in figures.items():
            old.get_model("accounts", "Target").objects.create(metric=metric, value=value)
    finally:
        new = migrated(LATEST)

    assert known_targets() == figures
    goal = new.get_model("actions", "Goal").objects.get(metric="nrr")
    assert (goal.name, goal.start, goal.target, goal.last_day) == ("", 1.05, 1.05, None)

    try:
        old = migrated(before)
        targets = old.get_model("accounts", "Target").objects.values_list("metric", "value")
        assert dict(targets) == figures
    finally:
        migrated(LATEST)


def migrated(to: list[tuple[str, str]]) -> StateApps:
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return executor.loader.project_state(to).apps
