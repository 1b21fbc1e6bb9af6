"""Goals as their pages read them: a tree, with what was last read of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from actions.models import Goal, GoalReading, GoalReview, Improvement
from analytics.queries.database.snapshot import once


@dataclass(frozen=True, slots=True)
class Branch:
    goal: Goal
    # The earliest first.
    readings: list[GoalReading]
    children: list[Branch] = field(default_factory=list)
    # What was written of it last.
    said: GoalReview | None = None

    @property
    def last(self) -> GoalReading | None:
        return self.readings[-1] if self.readings else None


def goal_tree() -> list[Branch]:
    """Those at the top, each with the goals that serve it."""
    goals = Goal.objects.select_related("dimension", "owner").prefetch_related(
        "readings", "reviews__author"
    )
    branches = {
        each.pk: Branch(each, list(each.readings.all()), said=next(iter(each.reviews.all()), None))
        for each in goals
    }
    for branch in branches.values():
        if branch.goal.parent_id is not None:
            branches[branch.goal.parent_id].children.append(branch)
    return [each for each in branches.values() if each.goal.parent_id is None]


def running_goals(day: dt.date) -> list[tuple[Goal, str]]:
    """Those with an end, of all customers together, with the status of the last reading."""
    goals = Goal.objects.filter(first_day__lte=day, last_day__gte=day, dimension=None)
    newest = GoalReading.objects.filter(goal=OuterRef("pk")).order_by("-day").values("status")
    said = Coalesce(Subquery(newest[:1]), Value(""))
    return [(each, each.said) for each in goals.annotate(said=said)]


def last_readings(day: dt.date) -> list[tuple[Goal, GoalReading]]:
    """Of every goal that the day lies in, those that end first first; without those never read."""
    return once(f"last readings {day}", partial(_last_readings, day))


def _last_readings(day: dt.date) -> list[tuple[Goal, GoalReading]]:
    last = GoalReading.objects.filter(goal=OuterRef("pk")).order_by("-day").values("pk")[:1]
    not_over = Q(last_day__isnull=True) | Q(last_day__gte=day)
    running = Goal.objects.filter(not_over, first_day__lte=day).annotate(reading=Subquery(last))
    goals = list(running.order_by(F("last_day").asc(nulls_last=True), "pk"))
    readings = GoalReading.objects.in_bulk([each.reading for each in goals])
    return [(each, readings[each.reading]) for each in goals if each.reading in readings]


def served_by(goal: Goal) -> set[int]:
    """The goal and all that serve it, however far below: none of them can be what it serves."""
    below: dict[int | None, list[int]] = {}
    for pk, parent in Goal.objects.values_list("pk", "parent_id").order_by():
        below.setdefault(parent, []).append(pk)
    return set(_below(goal.pk, below))


def _below(pk: int, below: dict[int | None, list[int]]) -> Iterator[int]:
    yield pk
    for child in below.get(pk, []):
        yield from _below(child, below)


def of_dimension(name: str) -> list[Goal | Improvement]:
    """The goals and improvements of the customers with one of its values."""
    goals = Goal.objects.filter(dimension__name=name)
    return [*goals, *Improvement.objects.filter(dimension__name=name)]
