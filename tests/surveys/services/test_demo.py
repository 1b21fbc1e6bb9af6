from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEvent, Customer, StaffUser, Suppression
from api.services.answers import Answered, add_answer
from api.services.keys import create_key
from api.services.members import Given, save_member
from surveys import tasks
from surveys.demo import organisation
from surveys.domain.frequency import NEVER_USED
from surveys.models import Campaign, Demo, Slot
from surveys.services import demo
from tests.staffing import client_as, make_staff
from tests.world import make_customer, make_respondent, send

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = timezone.now()


def small_demo(*, parts: int = demo.PARTS) -> None:
    """What stands around a demo, without its people: those are tested with the command."""
    assert demo.ask_for_demo(by=None, now=NOW)
    assert demo.begin(now=NOW)
    organisation.make_staff()
    organisation.make_dimensions()
    make_customer()
    for number in range(1, parts + 1):
        demo.part_is_done(number)


def rows() -> dict[str, int]:
    models = (
        model
        for name in demo.OURS
        for model in apps.get_app_config(name).get_models(include_auto_created=True)
    )
    counts = {model._meta.label: model._base_manager.count() for model in models}
    return {label: number for label, number in counts.items() if number}


def test_cleared_it_leaves_who_works_here_and_what_they_did() -> None:
    by = make_staff("admin")
    small_demo()
    demo.is_made()
    key, _ = create_key("shop", role="cs", project="web", rate=1, by=by, now=NOW)
    member = save_member(key.project, Given("aya@x.example"), now=NOW)
    add_answer(member, Answered(9, "", {}, NOW), now=NOW)

    assert demo.clear_demo(by=by, now=NOW)

    assert set(rows()) <= demo.KEPT
    assert StaffUser.objects.filter(email="cs@koe.example").exists()
    assert AuditEvent.objects.get(action="demo.clear").actor == by
    assert not demo.clear_demo(by=by, now=NOW)


def test_what_is_kept_are_models_that_there_are() -> None:
    assert {apps.get_model(label)._meta.label for label in demo.KEPT} == demo.KEPT


def test_what_was_added_since_is_counted_and_goes_only_where_that_was_said() -> None:
    client = client_as("admin")
    small_demo()
    demo.is_made()
    make_customer()

    assert demo.added_since(Demo.objects.get()) == [("customers", 1)]
    client.post("/settings/demo/clear/")
    assert Customer.objects.count() == 2
    client.post("/settings/demo/clear/", {"with_added": "1"})
    assert not Customer.objects.exists()


def test_who_comes_in_while_the_demo_is_being_made_is_none_of_it() -> None:
    small_demo(parts=1)
    ours = make_respondent()
    demo.part_is_done(2)
    demo.is_made()

    assert demo.added_since(Demo.objects.get()) == [("customers", 1), ("respondents", 1)]
    Suppression.objects.create(person=ours.person, reason="opted_out", created_at=NOW)
    assert not demo.clear_demo(by=None, now=NOW)


@pytest.mark.parametrize("happened", ["asked", "claimed", "opted out"])
def test_people_who_are_not_of_it_keep_what_was_promised_to_them(happened: str) -> None:
    client = client_as("admin")
    small_demo()
    demo.is_made()
    ours = make_respondent()
    assert not demo.has_asked_others(Demo.objects.get())
    if happened == "opted out":
        Suppression.objects.create(person=ours.person, reason="opted_out", created_at=NOW)
    else:
        invitation = send(ours, now=NOW)
        used = Slot.objects.get(person=ours.person, free_at__gt=NEVER_USED)
        if happened == "claimed":
            Slot.objects.filter(pk=used.pk).update(free_at=NEVER_USED, held_by=invitation)

    assert not demo.clear_demo(by=None, now=NOW)

    assert Customer.objects.exists()
    assert "can no longer be cleared" in client.get("/settings/demo/").content.decode()


def test_it_is_made_once_and_in_an_empty_installation_only(settings: Any) -> None:
    assert demo.ask_for_demo(by=None, now=NOW)
    assert demo.ask_for_demo(by=None, now=NOW)
    assert demo.begin(now=NOW)
    assert not demo.begin(now=NOW)
    with pytest.raises(CommandError, match="Another process is making the demo"):
        tasks.make_demo()
    Demo.objects.all().delete()
    settings.SERVED_SECURELY = True
    assert not demo.ask_for_demo(by=None, now=NOW)
    settings.SERVED_SECURELY = False
    Campaign.objects.create(slug="c", name="C")
    assert not demo.ask_for_demo(by=None, now=NOW)


def test_one_that_is_being_made_is_not_cleared_but_one_that_was_killed_is() -> None:
    small_demo(parts=1)

    assert not demo.clear_demo(by=None, now=NOW)
    assert demo.clear_demo(by=None, now=NOW + demo.LONGEST + dt.timedelta(seconds=1))


def test_a_demo_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr("surveys.management.commands.seed_demo.make_dimensions", fail)
    with pytest.raises(RuntimeError):
        call_command("seed_demo", customers=1, respondents=1, responses=0, months=6)

    assert Demo.objects.get().state == "failed"
    assert "could not be made" in client_as("admin").get("/settings/demo/").content.decode()
