"""Imported answers: counted like any other, never mailed, once only, and within the cap."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from accounts.domain.imports.files import FileKind
from accounts.domain.segments import MRR
from accounts.models import Customer, Dimension, Person, Respondent, SegmentProfile
from accounts.services.people import person_for
from surveys.domain.frequency import WINDOW
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Attempt, Campaign, Invitation, Response, ResponseChange, Slot
from surveys.services import slots
from tests.accounts.importing import NOW, Files, counts

RESPONSES = FileKind.RESPONSES
HEAD = ["email", "score", "answered_at", "customer_id", "comment", "response_id"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def respondent() -> Respondent:
    customer = Customer.objects.create(customer_id="C1", attributes={"plan": "gold"})
    return Respondent.objects.create(
        person=person_for("a@x.example"), customer=customer, email="a@x.example", role="Admin"
    )


def test_answer_becomes_a_sent_invitation_with_its_response(
    files: Files, respondent: Respondent
) -> None:
    Dimension.objects.create(name="plan", source="customer", attribute="plan")
    rows = [
        [*HEAD, "invited_at"],
        ["A@x.example", 9, "2025-06-03T10:15:00+09:00", "C1", "良い", "old-1",
         "2025-06-02T09:00:00+09:00"],
    ]  # fmt: skip

    tally = files.bring_in(RESPONSES, rows)

    assert counts(tally) == (1, 1, 0, 0, 0)
    response = Response.objects.get()
    invitation = response.invitation
    assert (response.score, response.comment, response.response_id) == (9, "良い", "old-1")
    assert response.answered_at == dt.datetime(2025, 6, 3, 1, 15, tzinfo=dt.UTC)
    assert invitation.respondent == respondent
    assert invitation.person == respondent.person
    assert (invitation.state, invitation.reason) == (InvitationState.SENT, "imported")
    assert invitation.sent_at == dt.datetime(2025, 6, 2, 0, 0, tzinfo=dt.UTC)
    assert invitation.attributes == {
        "plan": "gold", "role": "Admin", "language": "en", MRR: "",
    }  # fmt: skip
    assert invitation.profile == SegmentProfile.objects.get(values__plan="gold")
    change = ResponseChange.objects.get()
    assert (change.score_before, change.score_after, change.folded) == (None, 9, False)


def test_nobody_is_mailed_for_an_imported_answer(files: Files, respondent: Respondent) -> None:
    files.bring_in(RESPONSES, [HEAD, ["a@x.example", 3, "2026-10-09", "C1", "", ""]])

    assert Response.objects.count() == 1
    assert mail.outbox == []
    assert Attempt.objects.count() == 0
    assert not Invitation.objects.exclude(state=InvitationState.SENT).exists()


@pytest.mark.parametrize("response_id", ["old-1", ""])
def test_importing_answers_again_changes_nothing(
    files: Files, respondent: Respondent, response_id: str
) -> None:
    rows = [[*HEAD, "campaign", "invited_at", "language"],
            ["a@x.example", 9, "2026-06-03T10:15:00Z", "C1", "x", response_id, "春", "2026-06-01",
             "ja"]]  # fmt: skip
    files.bring_in(RESPONSES, rows)
    tables = [Campaign, Person, Respondent, Invitation, Response, ResponseChange, Slot]
    before = [list(table._default_manager.values()) for table in tables]

    tally = files.bring_in(RESPONSES, rows, now=NOW + dt.timedelta(days=1))

    assert counts(tally) == (1, 0, 0, 1, 0)
    assert [list(table._default_manager.values()) for table in tables] == before


def test_changed_score_is_a_line_in_the_ledger(files: Files, respondent: Respondent) -> None:
    files.bring_in(RESPONSES, [HEAD, ["a@x.example", 9, "2026-06-03", "C1", "fine", "old-1"]])

    tally = files.bring_in(RESPONSES, [HEAD, ["a@x.example", 2, "2026-06-03", "C1", "", "old-1"]])

    assert counts(tally) == (1, 0, 1, 0, 0)
    response = Response.objects.get()
    assert (response.score, response.comment) == (2, "")
    assert list(ResponseChange.objects.values_list("score_before", "score_after")) == [
        (None, 9),
        (9, 2),
    ]


def test_three_columns_are_enough(files: Files) -> None:
    rows = [["email", "score", "answered_at"], ["new@x.example", 10, "2026-06-03"]]

    assert counts(files.bring_in(RESPONSES, rows)) == (1, 1, 0, 0, 0)
    assert counts(files.bring_in(RESPONSES, rows)) == (1, 0, 0, 1, 0)
    respondent = Respondent.objects.get()
    assert respondent.customer is None
    assert Response.objects.get().invitation.respondent == respondent


def test_without_customer_the_only_one_is_meant(files: Files, respondent: Respondent) -> None:
    files.bring_in(
        RESPONSES, [["email", "score", "answered_at"], ["a@x.example", 10, "2026-06-03"]]
    )

    assert Response.objects.get().invitation.respondent == respondent


def test_without_customer_a_person_of_two_customers_is_ambiguous(
    files: Files, respondent: Respondent
) -> None:
    other = Customer.objects.create(customer_id="C2")
    Respondent.objects.create(person=respondent.person, customer=other, email="a@x.example")

    tally = files.bring_in(
        RESPONSES, [["email", "score", "answered_at"], ["a@x.example", 10, "2026-06-03"]]
    )

    assert tally.bad == 1
    assert files.errors == [
        "line 2: customer_id: this person is a respondent at several customers (C1, C2); name one"
    ]


def test_lines_above_count_where_the_customer_is_left_out(files: Files) -> None:
    Customer.objects.create(customer_id="C1")
    Customer.objects.create(customer_id="C2")
    rows = [
        ["email", "score", "answered_at", "customer_id"],
        ["a@x.example", 1, "2026-06-01", "C1"],
        ["a@x.example", 2, "2026-06-02", ""],
        ["a@x.example", 3, "2026-06-03", "C2"],
        ["a@x.example", 4, "2026-06-04", ""],
    ]

    tally = files.bring_in(RESPONSES, rows)

    assert tally.bad == 1
    assert files.errors[0].startswith("line 5: customer_id: this person is a respondent at")
    assert counts(files.bring_in(RESPONSES, rows[:4])) == (3, 3, 0, 0, 0)
    assert [
        (each.score, each.invitation.respondent.customer.customer_id)
        for each in Response.objects.order_by("score")
    ] == [(1, "C1"), (2, "C1"), (3, "C2")]


def test_unknown_customer_is_refused(files: Files) -> None:
    tally = files.bring_in(RESPONSES, [HEAD, ["a@x.example", 1, "2026-06-01", "T9", "", ""]])

    assert tally.bad == 1
    assert files.errors == ["line 2: customer_id: no customer T9; import customers first"]
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (
            ["b@x.example", 9, "2026-06-03", "C1", "", "old-1"],
            "line 2: response_id: response old-1 was imported before for another person, "
            "customer or campaign; give this one an id of its own",
        ),
        (
            ["a@x.example", 9, "2026-06-04", "C1", "", "old-1"],
            "line 2: answered_at: response old-1 was imported before as of "
            "2026-06-03T00:00:00+00:00; the time of a response cannot change",
        ),
    ],
)
def test_who_answered_when_is_not_changed(
    files: Files, respondent: Respondent, row: list[Any], error: str
) -> None:
    files.bring_in(RESPONSES, [HEAD, ["a@x.example", 9, "2026-06-03", "C1", "", "old-1"]])

    assert files.bring_in(RESPONSES, [HEAD, row]).bad == 1
    assert files.errors == [error]


def test_answers_belong_to_imported_campaigns_only(files: Files, respondent: Respondent) -> None:
    ours = Campaign.objects.create(slug="imported-spring", name="Ours")
    rows = [
        [*HEAD, "campaign"],
        ["a@x.example", 1, "2026-06-01", "C1", "", "1", ""],
        ["a@x.example", 2, "2026-06-02", "C1", "", "2", "Spring"],
        ["a@x.example", 3, "2026-06-03", "C1", "", "3", "春の調査"],
    ]

    files.bring_in(RESPONSES, rows)

    assert counts(files.bring_in(RESPONSES, rows)) == (3, 0, 0, 3, 0)
    assert ours.invitations.count() == 0
    imported = Campaign.objects.filter(state=CampaignState.IMPORTED).order_by("pk")
    assert list(imported.values_list("slug", "name")) == [
        ("imported", "Imported history"),
        ("imported-spring--2", "Spring"),
        (imported[2].slug, "春の調査"),
    ]


def test_invitation_within_the_year_takes_a_slot(files: Files, respondent: Respondent) -> None:
    head = [*HEAD, "invited_at"]
    recent = NOW - dt.timedelta(days=30)
    old = NOW - WINDOW
    moments = [(recent, "1"), (NOW - dt.timedelta(days=60), "2"), (old, "3")]
    rows: list[list[Any]] = [head]
    rows += [["a@x.example", 5, m.isoformat(), "C1", "", n, m.isoformat()] for m, n in moments]

    files.bring_in(RESPONSES, rows)
    files.bring_in(RESPONSES, rows)

    assert sorted(Slot.objects.values_list("free_at", flat=True)) == [
        NOW - dt.timedelta(days=60) + WINDOW,
        recent + WINDOW,
    ]
    assert slots.next_possible(respondent.person, now=NOW) == (NOW - dt.timedelta(days=60) + WINDOW)


def test_answer_without_invited_at_takes_no_slot(files: Files, respondent: Respondent) -> None:
    files.bring_in(RESPONSES, [HEAD, ["a@x.example", 5, "2026-10-01", "C1", "", "1"]])

    assert Response.objects.count() == 1
    assert slots.next_possible(respondent.person, now=NOW) == NOW


def test_invited_at_that_a_later_file_adds_takes_a_slot(
    files: Files, respondent: Respondent
) -> None:
    files.bring_in(RESPONSES, [HEAD, ["a@x.example", 5, "2026-10-01", "C1", "", "1"]])

    tally = files.bring_in(
        RESPONSES,
        [[*HEAD, "invited_at"], ["a@x.example", 5, "2026-10-01", "C1", "", "1", "2026-09-30"]],
    )

    assert counts(tally) == (1, 0, 1, 0, 0)
    sent_at = dt.datetime(2026, 9, 30, tzinfo=dt.UTC)
    assert Invitation.objects.get().sent_at == sent_at
    assert Slot.objects.filter(free_at=sent_at + WINDOW).count() == 1


def test_extra_columns_are_frozen_on_the_answer(files: Files, respondent: Respondent) -> None:
    files.bring_in(
        RESPONSES,
        [[*HEAD, "Touch Point"], ["a@x.example", 5, "2026-10-01", "C1", "", "1", "support"]],
    )

    invitation = Invitation.objects.get()
    assert invitation.attributes["touch_point"] == "support"
    assert invitation.profile is not None
    assert invitation.profile.values["touch_point"] == "support"
    respondent.refresh_from_db()
    assert respondent.attributes == {}


def test_dry_run_of_answers_writes_nothing(files: Files) -> None:
    rows = [["email", "score", "answered_at"], ["new@x.example", 10, "2026-06-03"]]

    assert counts(files.bring_in(RESPONSES, rows, dry_run=True)) == (1, 1, 0, 0, 0)
    assert Person.objects.count() == 0
    assert Campaign.objects.count() == 0


def test_number_of_queries_does_not_grow_with_the_rows(
    files: Files, django_assert_max_num_queries: object
) -> None:
    def rows(count: int, start: int) -> list[list[Any]]:
        people = range(start, start + count)
        return [HEAD, *([f"p{n}@x.example", 5, "2026-10-01", "C1", "", f"r{n}"] for n in people)]

    Customer.objects.create(customer_id="C1")
    files.bring_in(RESPONSES, rows(1, 0))
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        files.bring_in(RESPONSES, rows(100, 10))
