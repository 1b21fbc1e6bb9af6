from __future__ import annotations

import pytest

from surveys.models import Response
from tests.api.calling import Caller

pytestmark = pytest.mark.django_db


def test_a_person_has_every_key_though_nothing_is_known() -> None:
    caller = Caller()
    made = caller.post("people", {"phone_number": "+15551234567", "channel": "sms"})

    [listed] = caller.get("people")
    assert listed.pop("created_at") > 1_700_000_000
    assert listed == {
        "id": made["id"],
        "email": None,
        "name": None,
        "phone_number": "+15551234567",
        "last_sent_at": None,
        "last_responded_at": None,
        "next_survey_scheduled_at": None,
    }


def test_notes_and_tags_of_staff_are_read() -> None:
    caller = Caller()
    person = caller.post("people", {"email": "a@x.example", "send": False})["id"]
    caller.post("survey_responses", {"person": person, "score": 9})
    Response.objects.update(note="Call them", tags="price, pro ")

    [listed] = caller.get("survey_responses")
    assert listed["tags"] == ["price", "pro"]
    assert [note["text"] for note in listed["notes"]] == ["Call them"]
