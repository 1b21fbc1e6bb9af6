from __future__ import annotations

import pytest

from api.models import Project
from api.queries.members import identified
from api.services.members import Given, save_member
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_somebody_is_named_by_id_address_or_number() -> None:
    project = Project.objects.create(name="web")
    member = save_member(project, Given("A+b@x.example", "+15551234567"), now=NOW)
    names = [member.shown_id, "email:a+B@x.example", "email:a b@x.example"]
    names += ["phone_number:+15551234567", "phone_number: 15551234567"]

    assert [identified(project, each) for each in names] == [member] * 5
    wrong = ["a+b@x.example", "email:", "phone_number:", "7", "email:a@x.example\x00"]
    assert [identified(project, each) for each in wrong] == [None] * 5


def test_an_id_that_was_kept_is_the_only_one() -> None:
    project = Project.objects.create(name="web")
    member = save_member(project, Given("a@x.example"), now=NOW)
    own = member.shown_id
    member.kept_id = 123
    member.save()

    assert identified(project, "123") == member
    assert identified(project, own) is None
