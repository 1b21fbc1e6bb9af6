from __future__ import annotations

import datetime as dt
import uuid

import pytest

from surveys.forms.by_hand import EnteredAnswerForm
from tests.world import make_respondent

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
GIVEN = {"score": "4", "comment": " Slow. ", "language": "ja", "day": "2026-11-20"}


def form(**fields: str) -> EnteredAnswerForm:
    data = {**GIVEN, "ref": str(uuid.uuid4()), **fields}
    return EnteredAnswerForm(data, respondent=make_respondent(), today=TODAY)


def test_what_was_said_is_read() -> None:
    filled = form()

    assert filled.is_valid()
    entered = filled.entered()
    assert (entered.score, entered.comment, entered.language) == (4, "Slow.", "ja")
    assert entered.day == dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    "wrong",
    [
        {"score": "11"},
        {"score": ""},
        {"language": "xx"},
        {"ref": ""},
        {"day": "2026-11-25"},
        {"day": "2025-11-24"},
    ],
)
def test_what_is_wrong_is_said_at_its_field(wrong: dict[str, str]) -> None:
    assert list(form(**wrong).errors) == list(wrong)
