from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from accounts.models import Respondent
from api.models import Ask, Project
from api.services.asking import ask_member, customer_in
from api.services.members import Given, save_member
from surveys.models import Campaign, Invitation, Slot
from surveys.queries.proofs import frequency_violations
from surveys.sending import dispatch_due
from tests.at_once import run_at_once
from tests.world import DAY, NOW, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NO_DELAY = dt.timedelta(0)


def ask(email: str = "aya@x.example", *, now: dt.datetime = NOW, project: str = "web", **said: str):
    found, _ = Project.objects.get_or_create(name=project, defaults={"throttle_days": 0})
    member = save_member(found, Given(email), now=now)
    delay = dt.timedelta(seconds=int(said.pop("delay", 0)))
    return ask_member(member, said, delay=delay, now=now)


@pytest.mark.django_db(transaction=True)
def test_within_the_throttle_many_at_once_ask_one_person_once() -> None:
    project = Project.objects.create(name="web")
    asks = [partial(ask, project="web", delighted_email_subject=str(n)) for n in range(4)]
    ask("warm@x.example")
    run_at_once(asks)

    assert project.throttle_days == 30
    assert Invitation.objects.filter(respondent__email="aya@x.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_ask_one_person_twice_and_no_more() -> None:
    """Under other words, of other projects, for other spellings of their address."""
    ask("warm@x.example")
    asks = [
        partial(ask, f"aya+{n}@x.example", project="app" if n % 2 else "web", subject=str(n))
        for n in range(6)
    ]
    run_at_once(asks)

    asked = Invitation.objects.filter(respondent__email__startswith="aya")
    assert asked.count() == 2
    assert Slot.objects.filter(held_by__in=asked).count() == 2
    assert Ask.objects.filter(invitation__in=asked).count() == 2
    assert Respondent.objects.filter(email__startswith="aya").count() == 1


def test_who_is_asked_again_comes_into_the_next_campaign_of_the_series(maildir) -> None:
    for days in (0, 200, 370, 570, 571):
        ask(now=NOW + days * DAY)
        dispatch_due(now=NOW + days * DAY, foreground=True)

    assert Invitation.objects.filter(state="sent").count() == 4
    assert Campaign.objects.filter(by_request=True).count() == 4
    assert frequency_violations().violations == 0
    assert Campaign.objects.due(NOW + 600 * DAY).count() == 0


def test_an_ask_leaves_after_its_delay_at_any_hour(maildir) -> None:
    night = NOW.replace(hour=3)
    ask(now=night, delay="3600")

    assert dispatch_due(now=night + dt.timedelta(minutes=59), foreground=True)["sent"] == 0
    assert dispatch_due(now=night + dt.timedelta(minutes=60), foreground=True)["sent"] == 1


def test_words_make_a_campaign_of_their_own_which_others_share() -> None:
    words = {"delighted_email_subject": "How is it?", "locale": "ja"}
    first, second = ask("a@x.example", **words), ask("b@x.example", **words)
    other = ask("c@x.example")

    campaign = first.invitation.campaign
    assert second.invitation.campaign == campaign != other.invitation.campaign
    assert campaign.wording == {"ja": {"subject": "How is it?"}}
    assert campaign.name == "API: web – How is it?"
    assert first.properties == words
    assert Respondent.objects.get(email="a@x.example").attributes == {}


def test_a_paused_campaign_asks_nobody() -> None:
    ask("a@x.example")
    Campaign.objects.update(state="paused")

    assert ask("b@x.example") is None
    assert Ask.objects.count() == 1


def test_a_customer_is_known_by_its_id_alone() -> None:
    customer = make_customer()

    assert customer_in({"Customer ID": customer.customer_id, "plan": "x"}) == customer.pk
    assert customer_in({"customer_id": "no such"}) is None
    assert customer_in({}) is None
