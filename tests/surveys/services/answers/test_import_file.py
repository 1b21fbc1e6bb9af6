"""Imported answers: counted like any other, never mailed, once only, and within the cap."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Customer, Person, Respondent
from surveys.models import Campaign, Invitation, Response, ResponseChange, Slot
from tests.accounts.importing import NOW, Files, counts
from tests.surveys.helpers.answer_files import HEAD, RESPONSES

pytestmark = pytest.mark.django_db


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
    with django_assert_max_num_queries(55):  # type: ignore[operator]
        files.bring_in(RESPONSES, rows(100, 10))
