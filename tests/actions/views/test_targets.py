from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.models import AuditEvent
from accounts.queries.targets import known_targets
from tests.staffing import client_as

pytestmark = pytest.mark.django_db

NONE = dict.fromkeys(("nps", "response_rate", "customer_churn_rate", "nrr", "grr"), "")
PAGE = "/settings/targets/"


def stored() -> dict[str, Decimal]:
    return known_targets()


def events() -> list[tuple[str, str, dict[str, str]]]:
    rows = AuditEvent.objects.order_by("pk")
    return [(each.action, each.target, each.detail) for each in rows]


def test_targets_are_stored_in_the_unit_of_the_reports_and_audited() -> None:
    client = client_as("admin")

    client.post(PAGE, NONE | {"nps": "20", "customer_churn_rate": "7.5", "nrr": "105"})

    assert stored() == {
        "nps": Decimal(20), "customer_churn_rate": Decimal("0.075"), "nrr": Decimal("1.05"),
    }  # fmt: skip
    assert events() == [
        ("target.update", "nps", {"before": "", "after": "20"}),
        ("target.update", "customer_churn_rate", {"before": "", "after": "0.075"}),
        ("target.update", "nrr", {"before": "", "after": "1.05"}),
    ]
    page = client.get(PAGE).content.decode()
    assert 'value="7.5"' in page
    assert 'value="105"' in page


@pytest.mark.parametrize("role", ["cs", "viewer"])
def test_only_admins_set_targets(role: str) -> None:
    assert client_as(role).post(PAGE, NONE | {"nps": "20"}).status_code == 403
    assert stored() == {}


def test_the_settings_page_leads_there() -> None:
    client = client_as("admin")
    client.post(PAGE, NONE | {"nps": "20"})

    assert f'href="{PAGE}">1<' in client.get("/settings/").content.decode()
