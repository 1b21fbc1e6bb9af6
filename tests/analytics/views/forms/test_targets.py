from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AuditEvent
from accounts.queries.targets import known_targets
from analytics.domain.metrics.catalogue import CATALOGUE
from analytics.views.forms.targets import TargetsForm
from tests.actions.goals import make_target
from tests.staffing import client_as

pytestmark = pytest.mark.django_db


NONE = dict.fromkeys(("nps", "response_rate", "customer_churn_rate", "nrr", "grr"), "")


PAGE = "/settings/targets/"


def stored() -> dict[str, Decimal]:
    return known_targets()


def events() -> list[tuple[str, str, dict[str, str]]]:
    rows = AuditEvent.objects.order_by("pk")
    return [(each.action, each.target, each.detail) for each in rows]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nps", "101"),
        ("nps", "-100.1"),
        ("response_rate", "100.1"),
        ("nrr", "-1"),
        ("grr", "x"),
        ("onboarding_days", "-1"),
    ],
)
def test_a_target_that_no_figure_can_reach_is_refused(field: str, value: str) -> None:
    answer = client_as("admin").post(PAGE, NONE | {"nps": "20", field: value})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert stored() == {}
    assert events() == []


def test_rates_are_written_in_per_cent_and_points_as_they_are() -> None:
    for metric, value in (("nps", "-20"), ("nrr", "1.055"), ("grr", "1")):
        make_target(metric, Decimal(value))

    none: dict[str, Any] = dict.fromkeys(each.key for each in CATALOGUE)
    fields = TargetsForm().fields
    form = TargetsForm(
        {"nps": "-20", "customer_churn_rate": "7.5", "nrr": "1000", "grr": "0",
         "net_revenue_churn_rate": "-2.5", "onboarding_days": "30"}
    )  # fmt: skip

    shown = {name: field.initial for name, field in fields.items()}
    assert shown == none | {"nps": "-20", "nrr": "105.5", "grr": "100"}
    assert form.is_valid()
    assert form.wanted() == none | {
        "nps": Decimal(-20),
        "customer_churn_rate": Decimal("0.075"),
        "nrr": Decimal(10),
        "grr": Decimal(0),
        "net_revenue_churn_rate": Decimal("-0.025"),
        "onboarding_days": Decimal(30),
    }
    assert fields["onboarding_days"].label == "Days to onboarding (days, at most)"
    assert fields["grr"].label == "GRR (%, at least)"
