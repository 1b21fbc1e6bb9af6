"""Responses with whom they come from, for the tests of what lists them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import SegmentProfile
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Campaign, Response
from tests.world import DAY, NOW, make_campaign, make_customer, make_invitation, make_respondent


def answer(score: int, comment: str = "", **fields: Any) -> Response:
    name = fields.pop("name", f"Person {score}")
    customer = make_customer(name=str(fields.pop("customer", "Acme")))
    # An address of its own: the numbered one of others would be found by its digits.
    respondent = make_respondent(name=name, customer=customer, email=f"{name}@example.com")
    at = fields.pop("at", NOW)
    profile = SegmentProfile.objects.get_or_create(
        digest=str(fields.get("segment", "")), values={"contract": fields.pop("segment", "")}
    )[0]
    invitation = make_invitation(
        respondent, make_campaign(), state="sent", sent_at=at, profile=profile
    )
    return Response.objects.create(
        invitation=invitation, score=score, comment=comment, answered_at=at, changed_at=at, **fields
    )


def scores_shown(html: str) -> list[int]:
    return [score for score in range(11) if f"<b>{score}</b>" in html]


FURTHER: list[dict[str, Any]] = [
    {
        "key": "q1",
        "kind": "several",
        "label": {"ja": "機能は？", "en": "Features?"},
        "choices": [
            {"value": "c1", "label": {"ja": "通知", "en": "Alerts"}},
            {"value": "c2", "label": {"ja": "表", "en": "Tables"}},
        ],
    },
    {"key": "q2", "kind": "csat", "label": {"ja": "満足？", "en": "=Satisfied?"}},
]


def answer_further(**extra: Any) -> Response:
    response = answer(9, extra=extra)
    campaign = response.invitation.campaign
    campaign.questions = FURTHER
    campaign.save()
    return response


def answered(
    score: int,
    comment: str,
    *,
    campaign: Campaign | None = None,
    age: dt.timedelta = DAY,
    **fields: Any,
) -> Response:
    """So long ago as today sees it, without a segment."""
    at = timezone.now() - age
    invitation = make_invitation(
        make_respondent(name="Aya"),
        campaign or make_campaign(state=CampaignState.FINISHED),
        state=InvitationState.SENT,
        sent_at=at,
    )
    return Response.objects.create(
        invitation=invitation, score=score, comment=comment, answered_at=at, changed_at=at, **fields
    )
