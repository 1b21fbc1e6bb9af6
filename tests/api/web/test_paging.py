from __future__ import annotations

import pytest

from api.models import Member
from tests.api.calling import Caller
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_people_of_one_moment_are_on_one_page_each(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)
    caller = Caller()
    for number in range(5):
        caller.post("people", {"email": f"{number}@x.example", "send": False})
    Member.objects.filter(email__startswith="0").update(created_at=NOW.replace(year=2027))

    path, seen = "people?per_page=2", []
    while path:
        answer = caller("GET", path)
        seen += [each["email"][0] for each in answer.json()]
        path = answer.headers.get("Link", "").partition(">")[0].partition("/v1/")[2]

    assert seen == ["1", "2", "3", "4", "0"]


def test_a_page_is_of_at_most_a_hundred(monkeypatch) -> None:
    monkeypatch.setattr("api.web.paging.MOST_PER_PAGE", 2)
    caller = Caller()
    for number in range(3):
        caller.post("people", {"email": f"{number}@x.example", "send": False})

    assert len(caller.get("people?per_page=1000")) == 2
    assert len(caller.get("people?per_page=0")) == 3
