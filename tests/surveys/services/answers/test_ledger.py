from __future__ import annotations

import pytest
from django.db import connection

from surveys.models import ResponseChange
from surveys.services.answers.ledger import ledger_written
from tests.world import answer, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def test_who_acts_on_answers_hears_of_the_rows_in_their_transaction() -> None:
    heard: list[tuple[list[ResponseChange], bool]] = []

    def hear(changes: list[ResponseChange], **_: object) -> None:
        heard.append((changes, connection.in_atomic_block))

    ledger_written.connect(hear)
    try:
        answer(make_invitation(make_respondent(), state="sent"), 8, comment="Good")
    finally:
        ledger_written.disconnect(hear)

    rows = list(ResponseChange.objects.all())
    assert heard == [(rows, True)]
    assert [(each.score_before, each.score_after, each.comment) for each in rows] == [
        (None, 8, "Good")
    ]
