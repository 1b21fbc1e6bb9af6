"""The goals of the demo world: one for the board, and those that serve it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

from accounts.models import Customer, Dimension, StaffUser
from actions.domain.follow_ups.causes import Cause
from actions.domain.goals import EVERY, YEAR, Shape, key_of_band
from actions.models import Goal, Improvement
from actions.queries.targets import standing_goals
from actions.reports.goals import measured
from actions.services.goals import add_review, read_goal, save_goal
from actions.services.improvements import save_improvement
from actions.services.targets import save_targets
from analytics.management.demo import seed_target_statuses
from analytics.queries.database.clock import midnight

# So long ago the year of the goals began.
BEGAN = 16 * EVERY
# What each shall have moved by at the end of the year, in its own unit; the first is the board's.
MOVES = (
    ("nrr", "Customers grow with us", 0.03, 364),
    ("nps", "More promoters", 8.0, 91),
    ("customer_churn_rate", "Fewer customers leave", -0.01, 91),
    ("first_response_hours", "Answer tickets sooner", -1.0, 91),
    ("feedback_rate", "Hear more of our customers", 0.05, 91),
    (key_of_band("good"), "More customers in good health", 0.1, 91),
)
# What holds without an end; the reports show whether it is met.
TARGETS = {"nps": Decimal(10), "csat": Decimal("0.7"), "resolution_rate": Decimal("0.85")}
REVIEW = "Onboarding calls begin next week; until then we expect no move."


# Of the customers with the most frequent value of the first dimension, so long ago.
TRIED = dt.timedelta(days=120)


def seed_goals(*, today: dt.date) -> None:
    admin = StaffUser.objects.filter(role="admin").order_by("pk").first()
    if admin is None:
        raise RuntimeError("The demo world has no admin.")
    first, now = today - BEGAN, midnight(today)
    save_targets(TARGETS, by=admin, now=midnight(first), today=first)
    seed_target_statuses(today=today)
    for standing in standing_goals():
        read_goal(standing, today=today)
    board: Goal | None = None
    for key, name, move, window in MOVES:
        goal = Goal(
            name=name, metric=key, parent=board, first_day=first, last_day=first + YEAR,
            shape=Shape.STRAIGHT, window_days=window, owner=admin,
        )  # fmt: skip
        start = measured(goal, first, today=today)
        if start is None:
            continue
        low, high = goal.definition.limits
        goal.start, goal.target = start, min(max(start + move, low), high)
        save_goal(goal, by=admin, now=now)
        read_goal(goal, today=today)
        board = board or goal
    if board is not None:
        add_review(board, REVIEW, by=admin, now=now)
    _seed_improvement(admin, today=today)


def _seed_improvement(by: StaffUser, *, today: dt.date) -> None:
    dimension = Dimension.objects.in_order().filter(source=Dimension.Source.CUSTOMER).first()
    if dimension is None:
        return
    found = Counter(
        dimension.definition.value(each)
        for each in Customer.objects.values_list("attributes", flat=True).order_by()
    )
    row = Improvement(
        name="A call after onboarding",
        hypothesis="Customers who get a call in their first weeks tell us more.",
        measures="The account owner calls within two weeks of the start.",
        metric="feedback_rate",
        dimension=dimension,
        value=found.most_common(1)[0][0],
        began_on=today - TRIED,
        causes=[Cause.ONBOARDING],
        owner=by,
    )
    save_improvement(row, by=by, now=midnight(today))
