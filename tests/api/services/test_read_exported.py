from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from api.domain.values import Invalid
from api.models import Member, Project
from api.services.read_exported import NotReadable, import_delighted
from surveys.models import Invitation, Response, Slot
from tests.api.calling import Caller
from tests.world import NOW

pytestmark = pytest.mark.django_db
AT = 1_600_000_000
ROWS: list[Any] = [
    # Answers come before their people; Airbyte, Singer and plain rows are in one file.
    {"id": "900", "person": "70", "score": 9, "comment": "Good", "created_at": AT,
     "updated_at": AT, "person_properties": {"plan": "pro"}, "tags": ["x"], "survey_type": "nps"},
    {"type": "RECORD", "stream": "survey_responses", "record":
     {"id": "901", "person": {"id": "71", "email": "b@x.example"}, "score": 0, "created_at": AT}},
    {"type": "STATE", "value": {}},
    {"_airbyte_data": {"id": "70", "email": "a@x.example", "name": "Aya", "created_at": AT,
                       "last_sent_at": AT, "phone_number": "+15551234567"}},
    {"person_id": "72", "email": "c@x.example", "unsubscribed_at": AT},
    {"person_id": "70", "email": "a@x.example", "bounced_at": AT},
]  # fmt: skip


def move(path: Path, faults: list[tuple[int, str]] | None = None) -> Counter[str]:
    def report(line: int, fault: Invalid) -> None:
        if faults is not None:
            faults.append((line, *fault.errors))

    project, _ = Project.objects.get_or_create(name="web")
    return +import_delighted(path, project, now=NOW, report=report)


def written(tmp_path: Path, rows: list[Any]) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in rows))
    return path


def test_rows_of_warehouses_come_in_with_their_ids_and_nobody_is_mailed(tmp_path) -> None:
    path = written(tmp_path, ROWS)

    first, again = move(path), move(path)

    assert first == {
        "people new": 1, "unsubscribes new": 1, "bounces known": 1, "survey_responses new": 2
    }  # fmt: skip
    assert again == {
        "people known": 1, "unsubscribes known": 1, "bounces known": 1,
        "survey_responses known": 2,
    }  # fmt: skip
    caller = Caller("web")
    assert caller.get("people/70")["last_sent_at"] == AT
    answer = caller.get("survey_responses/900")
    assert (answer["person"], answer["score"], answer["created_at"]) == ("70", 9, AT)
    assert (answer["person_properties"], answer["tags"]) == ({"plan": "pro"}, ["x"])
    assert [each["person_id"] for each in caller.get("unsubscribes")] == ["72"]
    assert [each["bounced_at"] for each in caller.get("bounces")] == [AT]
    assert caller.get("metrics?since=0")["nps"] == 0
    assert not Invitation.objects.exclude(reason="imported").exists()
    assert not Slot.objects.filter(free_at__gt=NOW).exists()
    assert mail.outbox == []


def test_a_csv_is_read_by_its_headers_and_twice_is_once(tmp_path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(
        "Email,Name,Score,Comment,Created At,Plan\n"
        'a@x.example,Aya,9,"Good, really",2020-02-01 10:00:00,pro\n'
        "b@x.example,,0,,2020-02-02T10:00:00Z,\n"
    )

    assert move(path) == {"survey_responses new": 2}
    assert move(path) == {"survey_responses known": 2}
    assert sorted(Response.objects.values_list("score", "comment")) == [
        (0, ""), (9, "Good, really")
    ]  # fmt: skip
    assert Invitation.objects.get(email="a@x.example").attributes["Plan"] == "pro"


def test_wrong_lines_are_told_once_and_hold_up_no_others(tmp_path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [{"id": "1", "email": "x"}, {"id": "2"}, {"score": 9, "person": "5", "created_at": AT}]
    rows += [{"score": 99, "person": "5", "created_at": AT}, {"id": "3", "email": "c@x.example"}]
    path.write_text("\n".join(["{", *(json.dumps(each) for each in rows)]))
    faults: list[tuple[int, str]] = []

    assert move(path, faults) == {"people new": 1, "bad": 5}
    assert sorted(faults) == [(1, "line"), (2, "email"), (3, "line"), (4, "person"), (5, "score")]
    assert Member.objects.get().shown_id == "3"


def test_another_file_is_refused(tmp_path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("colour,size\nred,4\n")

    with pytest.raises(NotReadable):
        move(path)
