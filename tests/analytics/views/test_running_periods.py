"""Every figure of a period that still runs, or still comes in, is marked where it stands."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from tests.analytics import world
from tests.staffing import client_as

pytestmark = pytest.mark.django_db
SO_FAR = '<span class="cut">so far</span>'
COMING_IN = '<span class="coming-in">still coming in</span>'
RUNNING = "from=2026-04-01&to=2026-06-30"


@pytest.fixture(autouse=True)
def the_quarter_runs() -> None:
    world.make_dimension("plan")
    campaign = world.satisfaction_campaign()
    for plan, day in (("gold", "2026-06-10"), ("tin", "2026-04-02")):
        world.give_satisfaction(campaign, *[5] * 3, plan=plan, at=f"{day}T12:00+00:00")
        customer = world.make_customer(
            plan=plan,
            started_on=dt.date(2025, 1, 1),
            mrr={f"2026-{month:02}": 100 for month in range(1, 6)},
        )
        world.ask(world.make_respondent(customer), campaign, sent=f"{day}T12:00+00:00")


def page(name: str, query: str = RUNNING) -> str:
    with time_machine.travel(dt.datetime(2026, 6, 15, 3, tzinfo=dt.UTC), tick=False):
        viewer = client_as("viewer", email=f"{name}{len(query)}@koe.example")
        return viewer.get(f"/analytics/{name}/?{query}").content.decode()


def test_each_segment_says_whether_its_rate_still_comes_in() -> None:
    shown = page("segments")

    gold, tin, total = (
        shown.index(f'<th scope="row">{name}</th>') for name in ("gold", "tin", "Total")
    )
    assert COMING_IN in shown[gold:tin]
    assert COMING_IN not in shown[tin:total]


def test_churn_and_revenue_of_segments_are_so_far_and_those_of_a_past_period_are_not() -> None:
    # Customer churn, revenue churn, GRR and NRR of two segments and of the total.
    assert page("segments").count(SO_FAR) == 4 * 3
    assert page("segments", "from=2026-01-01&to=2026-03-31&and_by=").count(SO_FAR) == 0


def test_the_month_that_runs_is_marked_in_retention_and_csat() -> None:
    retention = page("retention")
    # Lost, at end, GRR and NRR of the period; its last month-end is that of May.
    assert retention.count(SO_FAR) == 4
    assert f"2026-06{' ' + SO_FAR}" in page("csat").replace("\n", "")
