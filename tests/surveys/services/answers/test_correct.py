from __future__ import annotations

import pytest

from surveys.services.answers.correct import correct_answer
from tests.world import DAY, NOW, answer, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def test_the_ledger_keeps_what_stood_before_and_the_day_stays() -> None:
    response = answer(make_invitation(make_respondent(), state="sent", sent_at=NOW), 9)

    corrected = correct_answer(response, score=2, comment="No", tags="", now=NOW - DAY)

    # Nothing happened before the answer.
    assert (corrected.score, corrected.changed_at) == (2, NOW)
    assert corrected.answered_at == NOW
    rows = corrected.changes.values_list("score_before", "score_after", "comment")
    assert list(rows) == [(None, 9, ""), (9, 2, "No")]
