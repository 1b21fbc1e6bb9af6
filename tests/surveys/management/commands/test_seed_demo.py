from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.models import (
    Customer,
    CustomerVersion,
    Dimension,
    Import,
    MonthlyRevenue,
    Respondent,
    Suppression,
)
from actions.domain.follow_ups.states import State
from actions.models import Delivery, FollowUp
from surveys.demo.organisation import RESTS, let_demo_rest
from surveys.domain.eligibility import Reason
from surveys.domain.states import InvitationState
from surveys.models import Attempt, Campaign, DeliveryEvent, Invitation, Response, ResponseChange
from surveys.sending.sweeps import sweep
from surveys.services.campaigns.plan import plan_due, preview
from tests.actions.alerting import tick
from tests.shared import shared_rows

AT = "2026-11-20T03:00:00+00:00"
NOW = dt.datetime.fromisoformat(AT)
# For the database; the fixture below is set up before the transaction of a test.
pytestmark = pytest.mark.django_db
SMALL = {"customers": 60, "respondents": 160, "responses": 280, "at": AT}


def run(name: str, **options: Any) -> str:
    said = StringIO()
    call_command(name, stdout=said, **options)
    return said.getvalue()


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Any:
    """One world for all tests of this module."""
    with shared_rows(django_db_blocker):
        yield run("seed_demo", **SMALL)


def test_seed_demo_makes_what_every_page_shows(seeded: str) -> None:
    assert Customer.objects.count() == 60
    assert Respondent.objects.count() == 160
    assert Response.objects.count() == 280
    assert CustomerVersion.objects.values("customer").distinct().count() == 60
    assert Dimension.objects.count() == 9
    assert Import.objects.filter(state="done").count() == 6
    states = set(Campaign.objects.values_list("state", flat=True))
    assert states == {"imported", "finished", "running", "draft"}
    for model in (MonthlyRevenue, Suppression, Attempt, DeliveryEvent, ResponseChange):
        assert model.objects.exists()


def test_seed_demo_prints_log_ins_that_work(seeded: str) -> None:
    assert "koe-demo-2026" in seeded
    for email in ("cs", "admin", "viewer"):
        assert f"{email}@koe.example" in seeded
        form = {"login": f"{email}@koe.example", "password": "koe-demo-2026"}
        page = Client().post(reverse("account_login"), form)
        assert page.status_code == 302


def test_seeded_history_holds_the_cap(seeded: str) -> None:
    assert "violations=0" in run("check_frequency_cap")


def test_every_detractor_is_followed_up_or_dismissed(seeded: str) -> None:
    assert "waiting=0 faults=0" in run("check_follow_ups")
    states = set(FollowUp.objects.values_list("state", flat=True))
    assert {State.OPEN, State.CLOSED} <= states
    owned = FollowUp.objects.filter(owner__isnull=False)
    assert owned.exists()
    assert not owned.filter(closed_at__gt=NOW).exists()


def test_seeded_deliveries_balance(seeded: str) -> None:
    call_command("check_deliveries", stdout=StringIO())


def test_seeded_timelines_run_forward(seeded: str) -> None:
    mailed = Invitation.objects.filter(claimed_at__isnull=False)
    assert mailed.exists()
    assert not mailed.filter(created_at__gt=F("sent_at")).exists()
    assert not mailed.filter(respondent__created_at__gt=F("created_at")).exists()


def test_seeded_slots_agree_with_what_was_sent(seeded: str) -> None:
    """Whoever was sent two of our surveys within the year is capped by planning as well."""
    campaign = Campaign.objects.create(slug="another", name="Another", state="running")
    result = preview(campaign, now=NOW)

    window = Invitation.objects.filter(
        state__in=["sent", "unknown"], sent_at__gt=NOW - dt.timedelta(hours=8760)
    )
    queued = Invitation.objects.filter(state="queued").values_list("person", flat=True)
    counts: dict[int, int] = dict.fromkeys(queued, 1)
    for person in window.values_list("person", flat=True):
        counts[person] = counts.get(person, 0) + 1
    suppressed = Suppression.objects.active().values("person")
    people = Respondent.objects.filter(
        person__erased_at__isnull=True, customer__churned_on__isnull=True
    ).exclude(person__in=suppressed)
    capped = [each for each in people if counts.get(each.person_id, 0) >= 2]
    assert result.reasons[Reason.CAPPED] == len(capped) > 10
    assert result.asked == people.count() - len(capped)


def test_running_demo_campaign_has_asked_everybody_it_can(seeded: str) -> None:
    running = Campaign.objects.get(state="running")

    planned = plan_due(now=NOW)

    assert planned[running.slug].asked == 0
    waiting = running.invitations.filter(state=InvitationState.QUEUED)
    assert waiting.exists()
    assert not waiting.filter(slot__isnull=True).exists()


def test_seeded_scores_are_in_the_cells_of_the_reports(seeded: str) -> None:
    assert not ResponseChange.objects.filter(folded=False).exists()


def test_nobody_is_told_of_old_detractors(seeded: str, mailoutbox: list[Any]) -> None:
    assert Response.objects.filter(score__lte=6).exists()

    assert tick(NOW) == 0
    assert not Delivery.objects.exists()
    sweep(now=NOW)

    assert mailoutbox == []


def test_running_demo_campaign_rests_once_mail_would_leave_the_machine(seeded: str) -> None:
    other = Campaign.objects.create(slug="another", name="Another", state="running")

    let_demo_rest(now=NOW)

    running = Campaign.objects.filter(state="running")
    assert list(running) == [other]
    assert Campaign.objects.get(state="paused").state_reason == RESTS
