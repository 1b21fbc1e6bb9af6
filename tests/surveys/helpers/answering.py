"""Answers given to invitations, for the tests of what follows from them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from surveys.models import Invitation, Response, ResponseChange
from surveys.queries.answers.by_link import hold_invitation
from surveys.services.answers.receive import record_response
from tests.surveys.helpers.visited import NOON

HUMAN = {"gesture": "pointerdown", "seconds": 12.0, "had_get": True}


def after(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


def loaded(invitation: Invitation) -> Invitation:
    found = hold_invitation(invitation.public_id)
    assert found is not None
    return found


def answer(invitation: Invitation, score: int, at: float, **more) -> Response:
    with transaction.atomic():
        return record_response(loaded(invitation), score=score, now=after(at), **more)


def ledger(invitation: Invitation) -> list[tuple[int | None, int | None]]:
    rows = ResponseChange.objects.filter(response__invitation=invitation)
    return list(rows.values_list("score_before", "score_after"))
