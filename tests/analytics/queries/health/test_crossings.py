from __future__ import annotations

import pytest
from django.db.models import Q

from analytics.models import HealthFormula, HealthScore
from analytics.queries.health.crossings import crossings
from analytics.views.health.example import EXAMPLE
from tests.actions.health import TODAY, scored
from tests.world import DAY, NOW, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_who_came_into_a_better_or_a_worse_band_between_two_nights() -> None:
    worse, better, same, new = (make_customer() for _ in range(4))
    scored(worse, "best", "worst")
    scored(better, "worst", "best")
    scored(same, "best", "best")
    scored(new, "worst")

    found = crossings(Q(), since=TODAY - 2 * DAY, until=TODAY - DAY)

    assert (found.better, found.worse) == ([better.pk], [worse.pk])
    assert crossings(Q(customer=same), since=TODAY - 2 * DAY, until=TODAY - DAY).worse == []
    assert crossings(Q(), since=TODAY - 9 * DAY, until=TODAY - DAY).worse == []


def test_another_formula_is_no_change_of_the_customers() -> None:
    customer = make_customer()
    scored(customer, "best", "worst")
    other = HealthFormula.objects.create(
        name="Standard", version=2, created_at=NOW, published_at=NOW,
        definition={**EXAMPLE, "unhealthy_means": "They complain."}, withdrawn_at=NOW,
    )  # fmt: skip
    HealthScore.objects.filter(day=TODAY - DAY).update(formula=other)

    found = crossings(Q(), since=TODAY - 2 * DAY, until=TODAY - DAY)

    assert (found.better, found.worse) == ([], [])
