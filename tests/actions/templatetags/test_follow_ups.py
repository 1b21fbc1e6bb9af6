from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import AnswerCase, FollowUpRule
from actions.templatetags.follow_ups import rules_in_use
from surveys.models import Response
from tests.actions.following import answered
from tests.staffing import client_as

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
