from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import AuditEvent
from accounts.queries.targets import known_targets
from actions.models import Goal
from actions.services.targets import save_targets
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


def stored() -> dict[str, Decimal]:
    return known_targets()


def events() -> list[tuple[str, str, dict[str, str]]]:
    rows = AuditEvent.objects.order_by("pk")
    return [(each.action, each.target, each.detail) for each in rows]


def test_only_what_changes_is_written_down() -> None:
    admin = make_staff("admin")

    def save(**wanted: str) -> int:
        values = {name: Decimal(value) for name, value in wanted.items()}
        return save_targets(
            dict.fromkeys(("nps", "grr")) | values, by=admin, now=NOW, today=NOW.date()
        )

    assert save(nps="20", grr="0.9") == 2
    assert save(nps="-5", grr="0.90000") == 1
    assert save(nps="-5.0") == 1
    assert save(nps="-5") == 0

    assert stored() == {"nps": Decimal(-5)}
    assert events()[2:] == [
        ("target.update", "nps", {"before": "20", "after": "-5"}),
        ("target.update", "grr", {"before": "0.9", "after": ""}),
    ]


def test_a_figure_that_is_not_spoken_of_keeps_its_target() -> None:
    admin = make_staff("admin")
    save_targets({"nps": Decimal(100)}, by=admin, now=NOW, today=NOW.date())

    save_targets({"nrr": Decimal("1.05")}, by=admin, now=NOW, today=NOW.date())

    assert stored() == {"nps": Decimal(100), "nrr": Decimal("1.05")}
    assert events()[0] == ("target.update", "nps", {"before": "", "after": "100"})
    assert set(AuditEvent.objects.values_list("actor", "at")) == {(admin.pk, NOW)}


def test_a_target_is_a_goal_that_keeps_what_was_read_of_it() -> None:
    admin, later = make_staff("admin"), NOW.date() + dt.timedelta(days=7)
    save_targets({"nps": Decimal(20), "grr": Decimal(1)}, by=admin, now=NOW, today=NOW.date())
    goal = Goal.objects.get(metric="nps")
    assert (str(goal), goal.owner, goal.last_day, goal.start) == ("NPS", admin, None, 20)
    goal.readings.create(day=NOW.date(), value=9, reportable=True, expected=20, status="off_course")

    save_targets({"nps": Decimal(30)}, by=admin, now=NOW, today=later)
    goal.refresh_from_db()
    assert (goal.start, goal.target, goal.readings.get().expected) == (30, 30, 20)

    save_targets({"nps": None, "grr": None}, by=admin, now=NOW, today=later)
    goal = Goal.objects.get()
    assert (goal.metric, goal.last_day, goal.readings.count()) == ("nps", later, 1)
    assert known_targets() == {}
