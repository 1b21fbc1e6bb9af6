from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Customer, StaffUser
from surveys.domain.states import CampaignState
from surveys.models import Campaign, Invitation, Response
from surveys.services.campaigns.plan import plan_due

AT = "2026-11-20T03:00:00+00:00"
NOW = dt.datetime.fromisoformat(AT)
SMALL = {"customers": 20, "respondents": 50, "responses": 80, "at": AT}
pytestmark = pytest.mark.django_db


def run(name: str, **options: Any) -> str:
    said = StringIO()
    call_command(name, stdout=said, **options)
    return said.getvalue()


def test_seed_demo_is_refused_where_koe_is_served_by_https(settings: Any) -> None:
    settings.SERVED_SECURELY = True

    with pytest.raises(CommandError, match="everybody knows the password of the demo log-ins"):
        run("seed_demo", **SMALL)
    assert not StaffUser.objects.exists()


def test_nothing_waits_to_be_mailed_where_mail_would_leave_the_machine(settings: Any) -> None:
    settings.EMBEDDED_INBOX = False

    run("seed_demo", **SMALL)

    running = Campaign.objects.filter(state=CampaignState.RUNNING)
    paused = Campaign.objects.get(state=CampaignState.PAUSED)
    assert not running.exists()
    assert paused.state_reason == "Demo data is mailed to the local inbox only."
    later = NOW + dt.timedelta(days=30)
    due = Invitation.objects.due(later)
    assert due.exists()
    assert not due.filter(campaign__state=CampaignState.RUNNING).exists()
    assert plan_due(now=later) == {}


def test_seed_demo_refuses_a_database_in_use() -> None:
    Customer.objects.create(customer_id="real", name="A real customer")

    with pytest.raises(CommandError, match="holds customers or campaigns already"):
        run("seed_demo", **SMALL)

    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("option", "text"),
    [({"customers": 0}, "--customers"), ({"months": 5}, "--months"), ({"at": "soon"}, "--at")],
)
def test_seed_demo_names_a_wrong_option(option: dict[str, Any], text: str) -> None:
    with pytest.raises(CommandError, match=text):
        run("seed_demo", **{**SMALL, **option})


def test_same_seed_writes_the_same_rows() -> None:
    seen = []
    for _ in range(2):
        with transaction.atomic():
            run("seed_demo", **SMALL)
            rows = Response.objects.order_by("invitation__public_id").values_list(
                "invitation__public_id", "invitation__email", "score", "comment", "answered_at"
            )
            seen.append(list(rows))
            transaction.set_rollback(True)

    assert seen[0] == seen[1] != []
