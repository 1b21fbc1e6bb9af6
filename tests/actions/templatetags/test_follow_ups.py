from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import AnswerCase, FollowUpRule
from actions.templatetags.follow_ups import rules_in_use
from surveys.models import Response
from tests.actions.following import OWNER, answered
from tests.staffing import client_as, logged_in, make_staff

pytestmark = pytest.mark.django_db


def test_the_page_of_an_answer_says_what_was_decided_and_shows_viewers_nothing() -> None:
    FollowUpRule.objects.create(trigger="score", level=3, due_hours=8)
    assert rules_in_use() == 1
    followed, waits, dismissed, praise = (answered(score) for score in (2, 5, 6, 9))
    AnswerCase.objects.filter(response=dismissed).update(dismissed="solved", note="By support.")
    cs, viewer = client_as("cs"), client_as("viewer")

    def page(client: Client, response: Response) -> str:
        path = reverse("surveys:response-detail", args=[response.pk])
        return client.get(path).content.decode()

    link = reverse("actions:follow-up-detail", args=[followed.case.follow_up_id])
    assert link in page(cs, followed)
    assert reverse("actions:answer-follow-up", args=[waits.pk]) in page(cs, waits)
    assert "Dismissed: Already solved" in page(cs, dismissed)
    assert 'id="next-step"' not in page(cs, praise) + page(viewer, followed)


def test_from_the_page_of_an_answer_one_takes_and_dismisses_and_stays_there() -> None:
    owner, other = make_staff("cs", OWNER), make_staff("cs", "other@koe.example")
    FollowUpRule.objects.create(trigger="score", level=3, due_hours=8)
    followed, waits = answered(2), answered(5)
    act = f"/follow-ups/{followed.case.follow_up_id}/"
    page, theirs = f"/responses/{followed.pk}/", logged_in(other)

    before = theirs.get(page).content.decode()
    took = theirs.post(f"{act}take/", {"seen": "1", "answer": followed.pk})
    after = theirs.get(page).content.decode()

    assert (f"{act}take/" in before, f"{act}dismiss/" in before) == (True, False)
    assert (f"{act}take/" in after, f"{act}dismiss/" in after) == (False, True)
    assert took["Location"] == page
    assert f"{act}take/" in logged_in(owner).get(page).content.decode()
    given = {"reason": "solved", "note": "By phone.", "seen": "0", "chosen": waits.pk}
    done = theirs.post("/follow-ups/answers/", {**given, "answer": waits.pk})
    assert done["Location"] == f"/responses/{waits.pk}/"
    assert AnswerCase.objects.get(response=waits).dismissed == "solved"
    # What is no number of an answer leads where it always did.
    gone = theirs.post(f"{act}start/", {"seen": "2", "answer": "//evil.example"})
    assert gone["Location"] == act
