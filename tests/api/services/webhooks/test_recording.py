"""What is recorded for whom, in the transaction of the fact and once."""

from __future__ import annotations

import pytest
from django.db import transaction

from actions.models import Channel, Delivery
from api.domain.events import Event as Name
from api.models import Event
from api.services.webhooks.recording import Fact, record, wanted
from tests.actions.following import answered
from tests.api.calling import Caller
from tests.api.hooks import make_webhook, queued
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_same_is_recorded_once_and_sent_in_the_order_of_the_events() -> None:
    make_webhook()
    facts = [
        Fact(Name.LAUNCHED, f"campaign:{number}", NOW, {"campaign": number}) for number in range(3)
    ]
    record(facts[:2], told=wanted(Name.LAUNCHED))
    record(facts, told=wanted(Name.LAUNCHED))

    assert [each.key for each in Event.objects.all()] == [each.key for each in facts]
    rows = Delivery.objects.order_by("pk").values_list("payload", flat=True)
    assert [each["event"] for each in rows] == list(Event.objects.values_list("pk", flat=True))


def test_nothing_is_written_where_nobody_wants_to_hear_of_it() -> None:
    make_webhook(Name.LAUNCHED)
    off = make_webhook()
    Channel.objects.filter(pk=off.channel_id).update(disabled="hand")

    answered(9)

    assert (queued(), Event.objects.count()) == ([], 0)


def test_what_is_rolled_back_has_not_happened() -> None:
    make_webhook()
    with transaction.atomic():
        answered(9)
        transaction.set_rollback(True)

    assert (queued(), Event.objects.count()) == ([], 0)


def test_a_project_hears_of_its_own_people_alone() -> None:
    mine, other = Caller("mine"), Caller("other")
    make_webhook(project=mine.project)
    for caller in (other, mine):
        person = caller.post("people", {"email": "a@x.example", "send": False})["id"]
        caller.post("survey_responses", {"person": person, "score": 9})
    answered(9)
    other.post("people", {"email": "b@x.example", "send": False})
    other.post("unsubscribes", {"person_email": "b@x.example"})
    assert queued() == ["response.created"]

    other.post("unsubscribes", {"person_email": "a@x.example"})
    # Of one person: both projects know them.
    assert queued() == ["response.created", "person.opted_out"]
