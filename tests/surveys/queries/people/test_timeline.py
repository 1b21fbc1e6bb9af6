from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from surveys.domain.states import InvitationState
from surveys.models import Attempt, DeliveryEvent, Response, ResponseChange
from tests.staffing import client_as
from tests.world import (
    DAY,
    HOUR,
    make_invitation,
    make_respondent,
)

pytestmark = pytest.mark.django_db


def page_of(respondent, query: str = "", *, client: Client | None = None):
    return (client or client_as("cs")).get(f"/respondents/{respondent.pk}/{query}")


def kinds(answer) -> list[str]:
    return [each["moment"].kind for each in answer.context["moments"]]


def test_the_timeline_tells_everything_newest_first() -> None:
    start = timezone.now() - 9 * DAY
    respondent = make_respondent()
    invitation = make_invitation(
        respondent, state=InvitationState.SENT, sent_at=start, delivery_status="delivered"
    )
    type(invitation).objects.filter(pk=invitation.pk).update(created_at=start - HOUR)
    for number, outcome in enumerate(["retry", "sent"]):
        at = start + number * HOUR
        Attempt.objects.create(
            invitation=invitation,
            number=number + 1,
            email=respondent.email,
            outcome=outcome,
            code=451 if outcome == "retry" else 250,
            reply="later" if outcome == "retry" else "ok",
            started_at=at,
            ended_at=at,
        )
    reminded = start + 4 * DAY
    Attempt.objects.create(
        invitation=invitation,
        kind="reminder",
        number=1,
        email=respondent.email,
        outcome="sent",
        started_at=reminded,
        ended_at=reminded,
    )
    DeliveryEvent.objects.create(
        provider="x", event_id="1", kind="delivered", invitation=invitation,
        occurred_at=start + 2 * HOUR,
    )  # fmt: skip
    at = start + 5 * DAY
    response = Response.objects.create(
        invitation=invitation, score=9, answered_at=at, changed_at=at + HOUR
    )
    ResponseChange.objects.create(response=response, at=at, score_after=3)
    ResponseChange.objects.create(response=response, at=at + HOUR, score_before=3, score_after=9)
    suppress(respondent.person, SuppressionReason.OPTED_OUT, now=start + 6 * DAY)

    answer = page_of(respondent)

    assert kinds(answer) == [
        "stopped", "changed", "answered", "reminded", "delivered", "sent", "retry", "planned",
    ]  # fmt: skip
    scores = {each["moment"].kind: each["moment"].score for each in answer.context["moments"]}
    assert (scores["answered"], scores["changed"]) == (3, 9)
    assert "451 later" in answer.content.decode()


def test_imported_history_shows_when_it_was_asked() -> None:
    respondent = make_respondent()
    make_invitation(
        respondent, state=InvitationState.SENT, reason="imported", sent_at=timezone.now() - DAY
    )

    assert kinds(page_of(respondent)) == ["sent"]
