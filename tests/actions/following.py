"""Answers that open follow-ups, in one line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import Customer
from surveys.models import Response
from tests.world import HOUR, NOW, answer, make_customer, make_invitation, make_respondent

OWNER = "owner@koe.example"


def answered(
    score: int,
    *,
    customer: Customer | None = None,
    at: dt.datetime = NOW,
    comment: str = "",
    **fields: Any,
) -> Response:
    """By a new person at the customer, whose account is that of OWNER."""
    respondent = make_respondent(customer=customer or make_customer(owner_email=OWNER.title()))
    invitation = make_invitation(respondent, sent_at=at - HOUR, state="sent", **fields)
    return answer(invitation, score, at=at, comment=comment)
