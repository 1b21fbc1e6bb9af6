from __future__ import annotations

import pytest

from accounts.models import AuditEvent, MetricSettings
from tests.staffing import client_as

pytestmark = pytest.mark.django_db

PAGE = "/settings/metrics/"
GOOD = {"onboarding_days": "60", "margin": "80", "discount": "10"}


def test_the_settings_are_stored_once_and_audited() -> None:
    client = client_as("admin")

    client.post(PAGE, GOOD)
    client.post(PAGE, GOOD | {"onboarding_days": "30"})

    [row] = MetricSettings.objects.all()
    assert row.onboarding_days == 30
    last = AuditEvent.objects.latest("pk")
    assert (last.action, last.detail["onboarding_days"]) == ("metrics.update", 30)
    assert 'value="30"' in client.get(PAGE).content.decode()
    assert f'href="{PAGE}">30<' in client.get("/settings/").content.decode()


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored() -> None:
    reply = client_as("admin").post(PAGE, GOOD | {"margin": "120"})

    assert reply.status_code == 422
    assert not MetricSettings.objects.exists()


@pytest.mark.parametrize("role", ["cs", "viewer"])
def test_only_admins_set_them(role: str) -> None:
    assert client_as(role).post(PAGE, GOOD).status_code == 403
    assert not MetricSettings.objects.exists()
