from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from accounts.domain.segments import MRR
from accounts.models import Dimension, Respondent, SegmentProfile
from surveys.domain.frequency import WINDOW
from surveys.domain.states import InvitationState
from surveys.models import Attempt, Invitation, Response, ResponseChange, Slot
from surveys.services import slots
from tests.accounts.importing import NOW, Files, counts
from tests.surveys.helpers.answer_files import HEAD, RESPONSES

pytestmark = pytest.mark.django_db


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
