from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import AuditEvent, Customer, StaffUser
from surveys.domain.eligibility import Reason
from surveys.models import Campaign, Invitation, Slot
from surveys.queries.campaigns.asking import asking
from surveys.queries.proofs import frequency_violations
from surveys.services.campaigns import ask, states
from surveys.services.campaigns.ask import NotAsking, ask_customer
from surveys.services.campaigns.plan import plan_campaign
from tests.staffing import make_staff
from tests.world import (
    DAY,
    NOW,
    make_campaign,
    make_customer,
    make_respondent,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def reasons(campaign: Campaign, customer: Customer) -> list[Reason]:
    decided = ask_customer(
        campaign,
        customer,
        by=StaffUser.objects.filter(role="cs").first() or make_staff("cs"),
        now=NOW,
    )
    return [each.decision.reason for each in decided]


def test_they_get_invitations_with_slots_in_no_audience_too_and_two_presses_ask_once() -> None:
    customer, campaign = make_customer(), make_campaign(audience={"plan": ["nobody"]})
    for _ in range(2):
        make_respondent(customer=customer)
    make_respondent(customer=make_customer())

    assert reasons(campaign, customer) == [Reason.ASKED, Reason.ASKED]
    assert reasons(campaign, customer) == [Reason.ALREADY_INVITED, Reason.ALREADY_INVITED]

    rows = Invitation.objects.filter(campaign=campaign)
    assert rows.count() == 2
    assert Slot.objects.filter(held_by__in=rows).count() == 2
    event = AuditEvent.objects.get(action="customer.ask")
    assert (event.target, event.detail["asked"]) == (str(customer), 2)
    # Planning, which does not know of it, leaves them alone.
    plan_campaign(campaign, now=NOW)
    assert rows.count() == 2


def test_whoever_has_no_free_slot_is_refused_however_often_one_presses() -> None:
    customer = make_customer()
    respondent = make_respondent(customer=customer)
    for age in (200 * DAY, 100 * DAY):
        send(respondent, now=NOW - age)

    for _ in range(2):
        assert reasons(make_campaign(minimum_gap_days=0), customer) == [Reason.CAPPED]
    assert Invitation.objects.count() == 2
    assert not AuditEvent.objects.filter(action="customer.ask").exists()


@pytest.mark.parametrize("change", [states.pause, states.cancel])
def test_a_campaign_that_was_stopped_meanwhile_asks_nobody(change, monkeypatch) -> None:
    customer, campaign = make_customer(), make_campaign()
    make_respondent(customer=customer)

    def decided_then_stopped(*args, **more):
        found = asking(*args, **more)
        change(campaign, by=make_staff("admin"), now=NOW)
        return found

    monkeypatch.setattr(ask, "asking", decided_then_stopped)
    for _ in range(2):
        with pytest.raises(NotAsking):
            reasons(campaign, customer)
    assert not Invitation.objects.exists()


def at_once(*work: Callable[[], object]) -> None:
    """All of them have decided before any of them writes."""
    threads = [threading.Thread(target=_closing(each)) for each in work]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def _closing(work: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_campaign", [True, False])
def test_pressed_at_once_nobody_is_asked_twice_or_above_the_limit(
    same_campaign: bool, monkeypatch
) -> None:
    customer = make_customer()
    respondent = make_respondent(customer=customer)
    send(respondent, now=NOW - 100 * DAY)
    by, first = make_staff("cs"), make_campaign(minimum_gap_days=0)
    second = first if same_campaign else make_campaign(minimum_gap_days=0)
    gate = threading.Barrier(2, timeout=60)

    def decided_together(*args, **more):
        found = asking(*args, **more)
        gate.wait()
        return found

    monkeypatch.setattr(ask, "asking", decided_together)
    # There is no broker here, and whoever finds that out leaves it alone for seconds.
    monkeypatch.setattr(ask, "enqueue", lambda _task: None)
    became: list[Reason] = []

    def press(campaign: Campaign) -> None:
        [each] = ask_customer(campaign, customer, by=by, now=NOW)
        became.append(each.decision.reason)

    at_once(lambda: press(first), lambda: press(second))

    refused = Reason.ALREADY_INVITED if same_campaign else Reason.CAPPED
    assert sorted(became) == sorted([Reason.ASKED, refused])
    assert Invitation.objects.filter(campaign__in=[first, second]).count() == 1
    assert Slot.objects.filter(held_by__isnull=False).count() == 1
    assert not frequency_violations().violations


def test_a_slot_that_an_import_took_meanwhile_is_not_used(monkeypatch) -> None:
    customer, campaign = make_customer(), make_campaign(minimum_gap_days=0)
    respondent = make_respondent(customer=customer)

    def decided_then_sent(*args, **more):
        found = asking(*args, **more)
        for _ in range(2):
            send(respondent, now=NOW - DAY)
        return found

    monkeypatch.setattr(ask, "asking", decided_then_sent)

    assert reasons(campaign, customer) == [Reason.CAPPED]
    assert not Invitation.objects.filter(campaign=campaign).exists()
