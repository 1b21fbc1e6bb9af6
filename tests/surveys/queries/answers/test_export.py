"""What goes out comes in again: answers of every origin, and nothing moves."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Model

from accounts.models import Customer, Dimension, Person, Respondent, SegmentProfile
from surveys.domain.answers.origin import own_id
from surveys.models import Campaign, Invitation, Response, ResponseChange, Slot
from surveys.queries.answers.export import exported_responses
from surveys.queries.answers.responses import responses_of_all
from surveys.services.people.erase import erase_person
from tests.accounts.importing import Files, counts
from tests.staffing import client_as, make_staff
from tests.surveys.helpers.answer_files import RESPONSES
from tests.world import DAY, NOW, answer, make_campaign, make_customer, make_respondent, send

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = NOW - 9 * DAY + dt.timedelta(microseconds=123_456)
COMMENTS = [
    "=1+1", "-良い", "@x", "＝全角", "'quoted'", "'=1", ' two\nlines, "and" commas ', "00101", "",
    "'5 stars", "#N/A", '="x"',
    "🙂👩\u200d👧 ガ e\u0301",
]  # fmt: skip
TITLES = ["", "春", "x" * 120]
TABLES: list[type[Model]] = [
    Campaign, Customer, Dimension, Person, Respondent, Invitation, Response, ResponseChange, Slot,
]  # fmt: skip


def everything() -> list[list[dict[str, Any]]]:
    return [list(table._default_manager.order_by("pk").values()) for table in TABLES]


def file_of_all() -> list[list[Any]]:
    return [list(row) for row in exported_responses(responses_of_all())]


@pytest.fixture
def answers(files: Files) -> list[Response]:
    """Given to us in campaigns whose names no slug holds, one to each comment."""
    customer = make_customer(name="Aozora", attributes={"plan": "gold"})
    found = []
    for number, comment in enumerate(COMMENTS):
        respondent = make_respondent(customer=customer, role="Admin", name=comment[:20])
        invitation = send(respondent, now=AT - DAY)
        assert invitation is not None
        Campaign.objects.filter(pk=invitation.campaign_id).update(name=f"春の調査: {number % 2}")
        Invitation.objects.filter(pk=invitation.pk).update(
            attributes={"plan": "silver", "role": "Admin", "_mrr": "9", "language": "en"}
        )
        found.append(answer(invitation, number % 11, at=AT + number * DAY / 10, comment=comment))
    return found


def test_answers_given_to_us_come_in_again_and_change_nothing(
    answers: list[Response], files: Files, tmp_path: Path
) -> None:
    before = everything()
    call_command("export_responses", out=tmp_path / "file.csv")
    rows = file_of_all()

    again = files.bring_in(RESPONSES, rows, now=NOW + DAY)

    assert counts(again) == (len(COMMENTS), 0, 0, len(COMMENTS), 0)
    assert everything() == before
    assert {row[8] for row in rows[1:]} == {own_id(a.invitation.public_id) for a in answers}
    assert rows[-1][2] == AT.isoformat()
    assert rows[0][9:] == ["plan", "role"]
    assert rows[-1][9:] == ["silver", "Admin"]


def test_a_file_that_a_spreadsheet_cut_to_the_second_changes_nothing(
    answers: list[Response], files: Files
) -> None:
    before = everything()
    header, *rows = file_of_all()
    for row in rows:
        row[2] = row[2][:19].replace("T", " ") + "Z"
        row[7] = row[7][:19].replace("T", " ") + "Z"

    assert files.bring_in(RESPONSES, [header, *rows], now=NOW + DAY).unchanged == len(COMMENTS)
    # Nor does one from before the answers had ids.
    without = [[*row[:8], "", *row[9:]] for row in rows]
    assert files.bring_in(RESPONSES, [header, *without], now=NOW + DAY).unchanged == len(COMMENTS)
    assert everything() == before


def test_no_file_changes_what_somebody_said_to_us(answers: list[Response], files: Files) -> None:
    header, *_, row = file_of_all()
    row[1] = "10"

    again = files.bring_in(RESPONSES, [header, row], now=NOW + DAY)

    assert counts(again) == (1, 0, 0, 0, 1)
    assert "was given to Koe itself and no file changes it" in files.errors[0]
    assert Response.objects.get(pk=answers[0].pk).score == 0


def test_imported_answers_come_in_again_and_change_nothing(files: Files) -> None:
    Customer.objects.create(customer_id="C1")
    head = ["email", "score", "answered_at", "customer_id", "comment", "campaign", "response_id"]
    rows = [
        [f"p{number}@x.example", number, f"2026-06-0{number + 1}T10:15:00.000{number}01Z", "C1",
         comment, title, f"00{number}" if number % 2 else ""]
        for number, (comment, title) in enumerate(zip(COMMENTS[:6], TITLES * 2, strict=True))
    ]  # fmt: skip
    assert files.bring_in(RESPONSES, [head, *rows]).created == 6
    before = everything()

    again = files.bring_in(RESPONSES, file_of_all(), now=NOW + 40 * DAY)

    assert counts(again) == (6, 0, 0, 6, 0)
    assert everything() == before


def test_an_id_of_another_koe_is_an_id_like_any_other(files: Files) -> None:
    Customer.objects.create(customer_id="C1")
    head = ["email", "score", "answered_at", "customer_id", "response_id"]
    rows = [head, ["a@x.example", 9, "2026-06-01", "C1", "koe-elsewhere"]]

    assert files.bring_in(RESPONSES, rows).created == 1
    assert files.bring_in(RESPONSES, rows).unchanged == 1
    assert Response.objects.get().response_id == "koe-elsewhere"


def test_erased_persons_are_in_no_file(answers: list[Response]) -> None:
    erase_person(answers[0].invitation.person, by=make_staff("admin"), now=NOW)

    assert len(file_of_all()) == len(COMMENTS)


def test_what_was_never_asked_is_not_said_to_have_been(answers: list[Response]) -> None:
    """The clocks of two machines differ, and no import takes an answer from before its question."""
    Invitation.objects.filter(pk=answers[0].invitation_id).update(sent_at=AT + DAY)

    assert file_of_all()[-1][7] == ""


def test_a_campaign_of_ours_is_not_asked_again(answers: list[Response], files: Files) -> None:
    make_campaign(name="春の調査: 0")

    assert files.bring_in(RESPONSES, file_of_all(), now=NOW + DAY).unchanged == len(COMMENTS)


def test_people_read_their_own_words_and_the_segments_as_they_were_frozen(
    answers: list[Response],
) -> None:
    Dimension.objects.create(name="plan", label="Plan", source="customer", attribute="plan")
    profile = SegmentProfile.objects.create(digest="d", values={"plan": "silver"})
    Invitation.objects.update(profile=profile)
    Customer.objects.update(churned_on=NOW.date())

    text = client_as("cs").get("/responses/export.csv?for=people").getvalue().decode("utf-8-sig")

    row = list(csv.DictReader(io.StringIO(text, newline="")))[-1]
    assert row["Comment"] == "'=1+1"
    assert row["Plan"] == "silver"
    assert row["MRR when asked"] == "9"
    assert row["Category"] == "Detractor"
    assert row["Customer's state"] == "churned"
    assert row["Campaign"] == "春の調査: 0"
    assert row["Response id"] == own_id(answers[0].invitation.public_id)


def test_what_a_button_gives_to_koe_comes_in_again(
    answers: list[Response], files: Files, tmp_path: Path
) -> None:
    before = everything()
    client, later = client_as("cs"), NOW + DAY
    for kind in ("csv", "xlsx"):
        path = tmp_path / f"button.{kind}"
        path.write_bytes(client.get(f"/responses/export.{kind}?for=koe").getvalue())

        again = files.bring_in_file(RESPONSES, path, now=later)

        assert counts(again) == (len(COMMENTS), 0, 0, len(COMMENTS), 0), files.errors
    assert everything() == before
