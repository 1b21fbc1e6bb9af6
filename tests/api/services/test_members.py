from __future__ import annotations

import pytest

from accounts.models import Person
from api.domain.values import Invalid
from api.models import Member, Project
from api.services.members import Given, delete_member, save_member, unsubscribe
from surveys.services.slots import ensure_slots
from tests.api.calling import make_key
from tests.at_once import run_at_once
from tests.world import NOW, free_dates

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def project() -> Project:
    return Project.objects.create(name="web")


def save(project: Project, email: str, **fields: str) -> Member:
    return save_member(project, Given(email, **fields), now=NOW)


def test_spellings_of_one_mailbox_are_several_people_and_one_person(project) -> None:
    first, other = save(project, "aya@x.example"), save(project, "aya+b@x.example")

    assert save(project, "AYA@X.example") == first != other
    assert first.person == other.person
    assert Person.objects.count() == 1


def test_a_phone_number_finds_somebody_and_comes_to_one_alone(project) -> None:
    phoned = save(project, "", phone_number="+15551234567")
    assert save(project, "", phone_number="+15551234567") == phoned
    # Who is known by it gets an address.
    assert save(project, "aya@x.example", phone_number="+15551234567") == phoned
    with pytest.raises(Invalid):
        save(project, "ken@x.example", phone_number="+15551234567")


def test_an_address_that_nobody_had_comes_to_the_person_with_their_slots(project) -> None:
    member = save(project, "aya@x.example")
    ensure_slots([member.person_id])

    moved = save(project, "aya@x.example", email_update="aya@y.example")

    assert (moved.pk, moved.person, moved.email) == (member.pk, member.person, "aya@y.example")
    added = Person.objects.get(mail_key="aya@y.example")
    assert added.merged_into == member.person
    assert min(free_dates(added)).year == 9999


def test_an_address_of_somebody_else_merges_nobody(project) -> None:
    other = save(Project.objects.create(name="app"), "ken@x.example")

    moved = save(project, "aya@x.example", email_update="ken@x.example")

    assert moved.person == other.person
    assert not Person.objects.filter(merged_into__isnull=False).exists()


def test_an_opt_out_twice_is_one(project) -> None:
    key, _ = make_key("web")
    for _ in range(2):
        unsubscribe(project, "aya@x.example", key=key, now=NOW)

    assert Member.objects.get().person.suppressions.count() == 1


def test_two_in_one_mailbox_are_deleted_one_by_one(project) -> None:
    key, _ = make_key("web")
    first, second = save(project, "aya@x.example"), save(project, "aya+b@x.example")

    delete_member(first, key=key, now=NOW)
    assert Person.objects.get().erased_at is None
    delete_member(second, key=key, now=NOW)
    assert Person.objects.get().erased_at == NOW


@pytest.mark.django_db(transaction=True)
def test_made_by_many_at_once_it_is_one(project) -> None:
    run_at_once([lambda: save(project, "aya@x.example", name="Aya")] * 4)

    assert Member.objects.get().name == "Aya"
