from __future__ import annotations

import pytest

from api.models import Project
from api.queries.answers import Wanted, answers, counts_by_score
from api.services.answers import Answered, add_answer
from api.services.members import Given, save_member
from surveys.models import Response
from tests.world import DAY, NOW, SECOND

pytestmark = pytest.mark.django_db


def test_answers_that_are_set_aside_and_those_of_others_do_not_count() -> None:
    web, app = (Project.objects.create(name=name) for name in ("web", "app"))
    for project, scores in ((web, (9, 9, 3)), (app, (0,))):
        member = save_member(project, Given("a@x.example"), now=NOW)
        for score in scores:
            add_answer(member, Answered(score, "", {}, NOW), now=NOW)
    Response.objects.filter(score=3).update(suspect=True)

    assert counts_by_score(web, (None, None)) == {9: 2}
    assert counts_by_score(web, (NOW + SECOND, None)) == {}
    assert len(answers(web, Wanted())) == 2
    assert len(answers(web, Wanted(created=(NOW - DAY, NOW), order="nonsense"))) == 2


def test_a_page_is_one_query(django_assert_num_queries) -> None:
    project = Project.objects.create(name="web")
    member = save_member(project, Given("a@x.example"), now=NOW)
    for _ in range(3):
        add_answer(member, Answered(9, "", {}, NOW), now=NOW)

    with django_assert_num_queries(1):
        found = [
            (ask.member.email, ask.invitation.response.score) for ask in answers(project, Wanted())
        ]
    assert found == [("a@x.example", 9)] * 3
