"""What there was before follow-ups and goals, as the migrations take it over."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.queries.targets import known_targets
from actions.domain.follow_ups.states import ClosedAs, Dismissal
from actions.models import AnswerCase, FollowUp, Goal
from actions.queries.follow_ups.balance import balance
from surveys.models import Response
from tests.actions.following import answered
from tests.actions.goals import make_goal
from tests.world import DAY

pytestmark = pytest.mark.django_db


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


class Targets(list[SimpleNamespace]):
    """The table that there was, as far as the migration asks it."""

    def order_by(self, _name: str) -> list[SimpleNamespace]:
        return self

    def create(self, **fields: Any) -> None:
        self.append(SimpleNamespace(**fields))


def test_targets_become_goals_without_an_end_and_come_back() -> None:
    figures = {"nps": Decimal("12.5"), "nrr": Decimal("1.05"), "clv": Decimal("1234567890.12")}
    targets, back = Targets(), Targets()
    for metric, value in figures.items():
        targets.create(metric=metric, value=value)
    with_an_end = make_goal()
    migration = import_module("actions.migrations.0013_targets_become_goals")

    migration.targets_become_goals(before(targets), None)

    assert known_targets() == figures
    goal = Goal.objects.get(metric="nrr")
    assert (str(goal), goal.start, goal.target, goal.last_day) == ("NRR", 1.05, 1.05, None)

    migration.goals_become_targets(before(back), None)

    assert {each.metric: each.value for each in back} == figures
    assert Goal.objects.get() == with_an_end


def before(targets: Targets) -> SimpleNamespace:
    models = {"Goal": Goal, "Target": SimpleNamespace(objects=targets)}
    return SimpleNamespace(get_model=lambda _app, name: models[name])
