from __future__ import annotations

import pytest
from django.test import Client

from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_long_history_of_cohorts_is_drawn(viewer: Client) -> None:
    for year in range(2016, 2026):
        for month in range(1, 13):
            world.make_customer(started_on=f"{year}-{month:02}-01")

    page = viewer.get("/analytics/retention/?preset=custom&from=2016-01-01&to=2025-12-31")

    assert page.status_code == 200
    assert page.content.count(b"2016-01") > 1


def test_cohorts_of_few_customers_are_grey_with_their_sizes(viewer: Client) -> None:
    for month, number in (("2026-08", 5), ("2026-09", 4), ("2026-11", 6)):
        for _ in range(number):
            world.make_customer(
                started_on=f"{month}-03", mrr={month: 10} if month < "2026-10" else {}
            )

    answer = viewer.get("/analytics/retention/?preset=custom&from=2026-01-01&to=2026-11-30")
    page = answer.content.decode()

    by_cohort = {row["cohort"]: rest for row, *rest in answer.context["cohorts"][0]["rows"]}
    assert by_cohort == {
        "2026-08": [5, False, False], "2026-09": [4, True, False], "2026-11": [6, False, True],
    }  # fmt: skip
    revenue = [(row["cohort"], size) for row, size, *_ in answer.context["cohorts"][1]["rows"]]
    assert revenue == [("2026-08", 5), ("2026-09", 4)]
    assert page.count("Cohorts of fewer than 5 customers are grey") == 2
    assert page.count('<tr class="too-small"><th scope="row">2026-09') == 2
    assert '2026-11 <span class="cut">so far</span>' in page
