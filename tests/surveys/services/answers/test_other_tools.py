"""Answers as Formbricks, LimeSurvey and a form of one's own export them come in as they are."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.models import Response
from tests.accounts.importing import Files, counts
from tests.surveys.helpers.answer_files import RESPONSES

pytestmark = pytest.mark.django_db
ASKED = "How likely are you to recommend us to a friend or colleague?"
# The day alone, as it wrote before, and the moment, as it does now.
FORMBRICKS = [
    ["No.", "Response ID", "Timestamp", "Finished", "Survey ID", "Formbricks ID (internal)",
     "User ID", "Notes", "Tags", "source", "url", "userAgent - browser", f"1. {ASKED}",
     "2. What's the main reason for your score?", "plan", "email"],
    [1, "clx0a1", "Sat Jun 15 2024", "Yes", "clw9", "clu1", "u-1", "", "vip, pro", "link",
     "https://app.example.com/s/clw9", "Chrome", 10, "Quick, and it works", "pro", "a@x.example"],
    [2, "clx0a2", "2024-06-15 10:00:00", "Yes", "clw9", "clu2", "u-2", "", "", "link", "",
     "Safari", 3, "", "free", "b@x.example"],
    [3, "clx0a3", "2024-06-16 09:00:00", "No", "clw9", "clu3", "u-3", "", "", "link", "",
     "Safari", "", "", "free", "c@x.example"],
]  # fmt: skip
LIMESURVEY = [
    ["id", "submitdate", "lastpage", "startlanguage", "seed", "token", "firstname", "lastname",
     "email", "startdate", "datestamp", "NPS", "Please tell us why"],
    ["1", "2024-06-15 10:00:00", "2", "en", "1406520", "aB3", "Aoi", "Sato", "a@x.example",
     "2024-06-15 09:58:11", "2024-06-15 10:00:00", "10", "Quick, and it works"],
    ["2", "2024-06-15 11:00:00", "2", "en", "9914032", "cD4", "Ren", "Ito", "b@x.example",
     "2024-06-15 10:59:00", "2024-06-15 11:00:00", "3 - Not likely", ""],
    ["3", "", "1", "en", "118", "eF5", "Yui", "Abe", "c@x.example",
     "2024-06-16 09:00:00", "2024-06-16 09:00:30", "", ""],
]  # fmt: skip
OWN_FORM = [
    ["タイムスタンプ", "メールアドレス", "当社を友人や同僚に薦める可能性はどのくらいありますか？",
     "その点数の理由をお聞かせください"],
    ["2024/06/15 10:00:00", "a@x.example", "10", "Quick, and it works"],
    ["2024/06/15 11:00:00", "b@x.example", "3点", ""],
    ["2024/06/16 9:00:00", "c@x.example", "", ""],
]  # fmt: skip


@pytest.mark.parametrize("rows", [FORMBRICKS, LIMESURVEY, OWN_FORM])
def test_what_was_answered_comes_in_once_and_what_was_left_off_is_named(
    files: Files, rows: list[list[Any]]
) -> None:
    first = files.bring_in(RESPONSES, rows, skip_bad_rows=True)
    again = files.bring_in(RESPONSES, rows, skip_bad_rows=True)

    # Who left off before the score has none: that row is wrong, and the file says which.
    assert counts(first) == (3, 2, 0, 0, 1)
    assert counts(again) == (3, 0, 0, 2, 1)
    said = Response.objects.order_by("-score").values_list(
        "score", "comment", "invitation__respondent__email"
    )
    assert list(said) == [(10, "Quick, and it works", "a@x.example"), (3, "", "b@x.example")]
    assert {each.answered_at.date().isoformat() for each in Response.objects.all()} <= {
        "2024-06-14", "2024-06-15",
    }  # fmt: skip
