"""What can be entered of an improvement."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Dimension
from actions.forms.improvements import ImprovementForm
from actions.models import Improvement, RootCause
from tests.actions.goals import FIRST, make_improvement
from tests.analytics import world

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Gifts", "hypothesis": "It helps.", "measures": "", "segment": "plan=gold",
    "metric": "referral_rate", "began_on": "2026-04-01", "span_days": "91", "expected": "-2.5",
    "goal": "", "owner": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _frozen() -> None:
    """A value that is offered."""
    world.make_dimension("plan")
    customer = world.make_customer(plan="gold")
    world.give_scores(customer, world.make_campaign(), 10)


def test_shares_are_entered_in_points_and_shown_again_as_they_were() -> None:
    form = ImprovementForm(FORM, row=Improvement())

    assert form.is_valid(), form.errors
    row = form.row
    assert (row.expected, row.value, row.began_on) == (-0.025, "gold", FIRST)
    row.created_at = "2026-04-01T00:00Z"
    row.save()
    again = ImprovementForm(None, row=row)
    assert (again["expected"].value(), again["segment"].value()) == (-2.5, "plan=gold")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"segment": ""}, "segment"),
        ({"segment": "plan=silver"}, "segment"),
        ({"metric": "onboarding_days"}, "metric"),
        ({"began_on": "1200-01-01"}, "began_on"),
        ({"hypothesis": " "}, "hypothesis"),
        ({"expected": "inf"}, "expected"),
        ({"causes": ["weather"]}, "causes"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    assert list(ImprovementForm(FORM | changes, row=Improvement()).errors) == [field]


def test_one_whose_dimension_changed_its_values_can_still_be_opened() -> None:
    dimension = world.make_dimension("size")

    assert ImprovementForm(None, row=make_improvement(dimension, value="gone"))["segment"].value()


def test_a_root_cause_that_it_has_can_be_kept_when_it_is_no_longer_offered() -> None:
    RootCause.objects.create(key="price", is_offered=False)
    row = make_improvement(Dimension.objects.get(), causes=["price"])

    assert "causes" in ImprovementForm(FORM | {"causes": ["price"]}, row=Improvement()).errors
    form = ImprovementForm(FORM | {"causes": ["price", "support"]}, row=row)
    assert form.is_valid(), form.errors
    assert row.causes == ["price", "support"]
