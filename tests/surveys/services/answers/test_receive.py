from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from surveys.forms.responses import FollowUpForm
from surveys.models import Invitation, Response, ResponseChange
from surveys.services.answers.intent import receive_intent
from surveys.services.answers.receive import (
    AnswerOutcome,
    ledger_written,
    receive,
    record_response,
)
from tests.at_once import run_at_once
from tests.surveys.helpers.answering import HUMAN, after, answer, ledger, loaded
from tests.surveys.helpers.invited import invite
from tests.surveys.helpers.visited import NOON


@pytest.mark.django_db
def test_first_answer_is_stored_with_its_ledger_row() -> None:
    invitation = invite()
    response = answer(invitation, 9, 0, comment="Fast", extra={"csat": 4}, signals=HUMAN)

    stored = Response.objects.get()
    assert stored == response
    assert (stored.score, stored.comment, stored.extra) == (9, "Fast", {"csat": 4})
    assert (stored.answered_at, stored.changed_at, stored.suspect) == (NOON, NOON, False)
    assert (stored.language, stored.signals["gesture"]) == ("en", "pointerdown")
    assert ledger(invitation) == [(None, 9)]
    assert not ResponseChange.objects.get().folded


@pytest.mark.django_db
def test_note_and_answer_that_are_written_at_once_both_stay() -> None:
    """Each read the row before the other wrote."""
    invitation = invite()
    answer(invitation, 2, 0, comment="Slow")
    held = loaded(invitation)
    assert held.response.note == ""
    shown = Response.objects.get()

    form = FollowUpForm({"tags": "speed", "note": "Called."}, instance=shown)
    answer(invitation, 9, 60, comment="")
    assert form.is_valid()
    form.save()
    with transaction.atomic():
        record_response(held, score=8, comment="Better", now=after(120))

    stored = Response.objects.get()
    assert (stored.score, stored.comment) == (8, "Better")
    assert (stored.tags, stored.note) == ("speed", "Called.")
    answer(invitation, 7, 180, comment="")
    form.save()
    stored.refresh_from_db()
    assert (stored.score, stored.comment) == (7, "")


@pytest.mark.django_db
def test_change_keeps_the_day_and_the_history() -> None:
    invitation = invite()
    answer(invitation, 9, 0, comment="Fast")
    answer(invitation, 4, 3600, comment="It broke")

    stored = Response.objects.get()
    assert (stored.score, stored.comment) == (4, "It broke")
    assert (stored.answered_at, stored.changed_at) == (NOON, after(3600))
    assert ledger(invitation) == [(None, 9), (9, 4)]
    comments = ResponseChange.objects.order_by("id").values_list("comment", flat=True)
    assert list(comments) == ["Fast", "It broke"]


def post_at_once(posts: list[Callable[[], AnswerOutcome]]) -> list[AnswerOutcome]:
    done: list[AnswerOutcome] = []
    run_at_once([lambda post=each: done.append(post()) for each in posts])  # type: ignore[misc]
    return done


def posting(invitation: Invitation, score: int, at: float) -> Callable[[], AnswerOutcome]:
    return lambda: receive(invitation.public_id, {"score": [str(score)]}, now=after(at)).outcome


def intending(invitation: Invitation, score: int, at: float) -> Callable[[], AnswerOutcome]:
    return lambda: (
        receive_intent(
            invitation.public_id, score=score, gesture="keydown", changed=False, now=after(at)
        ).outcome
    )


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_20_parallel_answers_leave_one_response_and_a_history() -> None:
    """What is over the limit is over it for those who come at once, too."""
    invitation = invite()

    done = post_at_once([posting(invitation, 8, 0)] * 24)

    assert sorted(done) == [AnswerOutcome.RECORDED] * 20 + [AnswerOutcome.TOO_MANY] * 4
    assert Response.objects.count() == 1
    assert sorted(ledger(invitation), key=str) == [(8, 8)] * 19 + [(None, 8)]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", [None, 9])
@pytest.mark.parametrize("intents", [0, 2])
def test_a_burst_that_comes_at_once_counts_no_more_than_one_in_sequence(first, intents) -> None:
    invitation = invite()
    if first is not None:
        answer(invitation, first, -3600)
    scores = list(enumerate(range(11)))
    # Each looked at its clock before it waited for the others.
    random.Random(intents).shuffle(scores)

    done = post_at_once(
        [intending(invitation, score, at / 1000) for at, score in scores[:intents]]
        + [posting(invitation, score, at / 1000) for at, score in scores[intents:]]
    )

    assert set(done) == {AnswerOutcome.RECORDED}
    assert [each.score for each in Response.objects.counted()] == [first][: first is not None]
    moments = list(ResponseChange.objects.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)


@pytest.mark.django_db
def test_third_score_within_a_minute_sets_the_burst_aside() -> None:
    invitation = invite()
    for at, score in enumerate(range(11)):
        answer(invitation, score, at)

    assert Response.objects.get().suspect
    assert Response.objects.counted().count() == 0
    assert ledger(invitation)[:4] == [(None, 0), (0, 1), (1, None), (None, None)]


@pytest.mark.django_db
def test_person_is_believed_right_after_the_burst_of_a_scanner() -> None:
    invitation = invite()
    for at, score in enumerate(range(11)):
        answer(invitation, score, at)
    answer(invitation, 9, 20, signals=HUMAN)

    stored = Response.objects.counted().get()
    assert (stored.score, stored.answered_at) == (9, after(20))
    assert ledger(invitation)[-1] == (None, 9)


@pytest.mark.django_db
def test_person_without_javascript_is_believed_a_minute_after_the_burst() -> None:
    invitation = invite()
    for at, score in enumerate((0, 1, 2)):
        answer(invitation, score, at)
    answer(invitation, 9, 30)
    assert Response.objects.get().suspect
    answer(invitation, 9, 120)
    assert [each.score for each in Response.objects.counted()] == [9]


@pytest.mark.django_db
def test_burst_does_not_touch_what_a_person_answered_before() -> None:
    invitation = invite()
    answer(invitation, 9, 0, comment="Fast", extra={"csat": 5}, signals=HUMAN)
    for at, score in enumerate(range(11)):
        answer(invitation, score, 600 + at, comment="spam")

    stored = Response.objects.counted().get()
    assert (stored.score, stored.comment, stored.extra) == (9, "Fast", {"csat": 5})
    assert ledger(invitation)[-1] == (9, 9)


@pytest.mark.django_db
def test_gestures_do_not_save_a_burst_of_answers() -> None:
    invitation = invite()
    for at, score in enumerate((0, 1, 2)):
        answer(invitation, score, at, signals=HUMAN)
    assert Response.objects.get().suspect


@pytest.mark.django_db
def test_two_scores_in_a_minute_are_a_change_of_mind() -> None:
    invitation = invite()
    answer(invitation, 9, 0)
    answer(invitation, 3, 5)
    answer(invitation, 9, 10)
    assert ledger(invitation) == [(None, 9), (9, 3), (3, 9)]


@pytest.mark.django_db
def test_who_acts_on_answers_hears_of_the_rows_in_their_transaction() -> None:
    heard: list[tuple[list[ResponseChange], bool]] = []

    def hear(changes: list[ResponseChange], **_: object) -> None:
        heard.append((changes, connection.in_atomic_block))

    ledger_written.connect(hear)
    try:
        answer(invite(), 8, 0, comment="Good")
    finally:
        ledger_written.disconnect(hear)

    rows = list(ResponseChange.objects.all())
    assert heard == [(rows, True)]
    assert [(each.score_before, each.score_after, each.comment) for each in rows] == [
        (None, 8, "Good")
    ]
