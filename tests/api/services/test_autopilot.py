from __future__ import annotations

import pytest

from api.models import Membership, Project
from api.services.autopilot import ask_due, enrol
from api.services.members import Given, save_member
from surveys.models import Campaign, Invitation
from tests.at_once import run_at_once
from tests.world import DAY, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def enrolled(*names: str) -> list[Membership]:
    project = Project.objects.create(name="web")
    members = [save_member(project, Given(f"{each}@x.example"), now=NOW) for each in names]
    rows = [enrol(each, "email", {"plan": "pro"}, now=NOW) for each in members]
    Membership.objects.update(next_at=NOW)
    return rows


def test_who_is_due_is_asked_and_comes_round_again() -> None:
    enrolled("a", "b")
    Membership.objects.filter(member__email="b@x.example").update(next_at=NOW + DAY)

    assert ask_due(now=NOW) == 1
    assert ask_due(now=NOW) == 0

    assert Invitation.objects.get().email == "a@x.example"
    assert Membership.objects.get(member__email="a@x.example").next_at > NOW + 180 * DAY
    # Changed properties leave the turn as it is.
    member = Membership.objects.get(member__email="b@x.example").member
    assert enrol(member, "email", {}, now=NOW + DAY).next_at == NOW + DAY


def test_one_that_cannot_be_asked_holds_up_nobody() -> None:
    first, _ = enrolled("a", "b")
    Membership.objects.filter(pk=first.pk).update(
        properties={"delighted_intro_message": "x" * 2000}
    )

    assert ask_due(now=NOW) == 1
    assert Invitation.objects.get().email == "b@x.example"
    assert not Membership.objects.filter(next_at__lte=NOW).exists()


@pytest.mark.django_db(transaction=True)
def test_ticks_at_once_ask_once() -> None:
    enrolled("a")
    Project.objects.update(throttle_days=0)

    run_at_once([lambda: ask_due(now=NOW)] * 4)

    assert Invitation.objects.count() == Campaign.objects.count() == 1
