from __future__ import annotations

import pytest

from accounts.models import Person
from api.domain.exported import Somebody
from api.models import Member, Project
from api.services.move_in import move_people
from surveys.services.people.erase import erase_person
from tests.world import NOW, person_for

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def person(kept_id: int | None, email: str, phone_number: str = "", name: str = "") -> Somebody:
    return Somebody(kept_id, email, name, phone_number, None)


def move(*people: Somebody) -> tuple[int, int, list[int]]:
    project, _ = Project.objects.get_or_create(name="web")
    moved = move_people(project, list(enumerate(people, start=1)), now=NOW)
    return moved.added, moved.known, [line for line, _ in moved.faults]


def test_one_person_is_one_whatever_the_row_names() -> None:
    number = "+15551234567"
    assert move(person(7, "a@x.example", number), person(None, "A@x.example")) == (1, 1, [])
    assert move(person(None, "a@x.example"), person(7, ""), person(8, "", number)) == (1, 2, [])

    assert sorted(Member.objects.values_list("kept_id", "phone_number")) == [(7, number), (8, "")]


def test_what_was_not_known_is_added() -> None:
    move(person(None, "a@x.example"))
    assert move(person(7, "a@x.example", name="Aya")) == (0, 1, [])

    assert Member.objects.values_list("kept_id", "name").get() == (7, "Aya")


def test_whom_staff_erased_no_file_brings_back() -> None:
    erase_person(person_for("a@x.example"), by=None, now=NOW)

    assert move(person(7, "a@x.example"), person(8, "b@x.example")) == (1, 0, [1])
    assert Person.objects.filter(mail_key__startswith="erased:").count() == 1
    assert "a@x.example" not in str(list(Member.objects.values()))
