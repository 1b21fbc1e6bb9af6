"""An answer entered by hand is within the cap like any other, and counts like any other."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import AuditEvent, Person, Respondent, StaffUser
from analytics.counting.cells.folding import fold_all
from analytics.counting.cells.invitations import count_invitations
from analytics.domain.periods import Period
from surveys.domain.states import InvitationState
from surveys.models import Campaign, Invitation, Response, ResponseChange, Slot
from surveys.queries.campaigns.funnel import funnel
from surveys.queries.delivery import findings
from surveys.queries.proofs import frequency_violations
from surveys.services import slots
from surveys.services.answers import by_hand
from surveys.services.answers.by_hand import (
    Entered,
    Erased,
    NoFreeSlot,
    SavedBefore,
    enter_answer,
)
from surveys.services.campaigns.plan import explain
from surveys.services.people.erase import erase_person
from tests.staffing import make_staff
from tests.world import (
    DAY,
    HOUR,
    NOW,
    WINDOW,
    answer,
    claim,
    finish,
    free_dates,
    make_campaign,
    make_customer,
    make_invitation,
    make_respondent,
    queue,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TODAY = NOW.date()


def enter(respondent: Respondent, *, now: dt.datetime = NOW, **fields: Any) -> Response:
    given = {"score": 3, "comment": "Slow.", "language": "en", "day": now.date()} | fields
    given.setdefault("ref", uuid.uuid4())
    by = StaffUser.objects.filter(email="cs@koe.example").first() or make_staff("cs")
    return enter_answer(respondent, Entered(**given), by=by, now=now)


def refused(respondent: Respondent, **fields: Any) -> bool:
    before = Invitation.objects.count(), Response.objects.count(), AuditEvent.objects.count()
    with pytest.raises(NoFreeSlot):
        enter(respondent, **fields)
    after = Invitation.objects.count(), Response.objects.count(), AuditEvent.objects.count()
    return after == before


def test_it_is_counted_marked_and_written_into_the_audit_log() -> None:
    respondent = make_respondent(customer=make_customer(name="Acme", attributes={"plan": "gold"}))

    response = enter(respondent, score=9, language="ja")

    invitation = response.invitation
    assert (response.score, response.comment, response.language) == (9, "Slow.", "ja")
    assert (response.answered_at, invitation.claimed_at, invitation.sent_at) == (NOW, NOW, None)
    assert (invitation.state, invitation.reason) == (InvitationState.SENT, "entered")
    assert (invitation.attributes["plan"], invitation.attributes["language"]) == ("gold", "ja")
    assert str(invitation.campaign) == "Entered by hand"
    change = ResponseChange.objects.get()
    assert (change.score_before, change.score_after) == (None, 9)
    event = AuditEvent.objects.get()
    assert (event.action, event.target, event.detail["score"]) == ("answer.enter", "Acme", 9)


def test_it_uses_up_a_slot_from_its_day_on() -> None:
    respondent = make_respondent()

    enter(respondent, day=TODAY - dt.timedelta(days=10))

    noon = dt.datetime.combine(TODAY - dt.timedelta(days=10), dt.time(12), tzinfo=dt.UTC)
    assert free_dates(respondent.person)[1] == noon + WINDOW
    assert not Slot.objects.filter(held_by__isnull=False).exists()
    assert send(respondent, now=NOW) is not None
    assert queue(respondent, now=NOW) is None
    assert refused(respondent)
    assert enter(respondent, now=noon + WINDOW, day=(noon + WINDOW).date())
    assert frequency_violations().violations == 0
    assert list(findings(now=NOW)) == []


def test_a_waiting_or_a_used_slot_is_not_free() -> None:
    respondent = make_respondent()
    waiting = queue(respondent, now=NOW)
    assert waiting is not None
    enter(respondent)

    assert refused(respondent)
    # What waits keeps its slot: it is sent all the same.
    assert claim(waiting, now=NOW + HOUR)
    finish(waiting, InvitationState.SENT, now=NOW + HOUR)
    assert frequency_violations().violations == 0


def test_a_slot_must_have_been_free_on_the_day_of_the_answer() -> None:
    respondent = make_respondent()
    send(respondent, now=NOW - WINDOW + DAY)
    send(respondent, now=NOW - WINDOW - DAY)

    # One of the two came free yesterday.
    assert refused(respondent, day=TODAY - dt.timedelta(days=3))
    assert enter(respondent, day=TODAY)


def test_what_came_a_window_before_its_day_counts_although_no_slot_knows_it_any_more() -> None:
    respondent = make_respondent()
    for days in (9, 4):
        at = NOW - WINDOW - days * DAY
        make_invitation(respondent, state="sent", reason="imported", sent_at=at)

    assert refused(respondent, day=TODAY - dt.timedelta(days=360))
    assert enter(respondent, day=TODAY)
    assert frequency_violations().violations == 0


def test_proof_does_not_excuse_a_day_that_lies_back_by_what_was_told_before_it_was_entered(
    monkeypatch,
) -> None:
    respondent = make_respondent()
    now = NOW - DAY
    for days in (9, 4):
        at = NOW - WINDOW - days * DAY
        invitation = make_invitation(respondent, state="sent", reason="imported", sent_at=at)
        response = answer(invitation, 9, at=at)
        ResponseChange.objects.create(response=response, at=now, score_after=9)
    monkeypatch.setattr(by_hand, "has_room", lambda *_, **__: True)

    enter(respondent, day=TODAY - dt.timedelta(days=360))

    assert frequency_violations().violations == 1


def test_one_survey_a_year_is_held_to_as_well(settings) -> None:
    settings.SURVEYS_PER_YEAR = 1
    respondent = make_respondent()
    enter(respondent)

    assert refused(respondent)


def test_sent_twice_it_is_one_answer() -> None:
    respondent = make_respondent()
    ref = uuid.uuid4()

    assert enter(respondent, ref=ref) == enter(respondent, ref=ref)
    assert Response.objects.count() == AuditEvent.objects.count() == 1
    assert queue(respondent) is not None
    for other in ({"score": 8}, {"comment": "Fast."}, {"day": TODAY - dt.timedelta(days=1)}):
        with pytest.raises(SavedBefore):
            enter(respondent, ref=ref, **other)
    with pytest.raises(SavedBefore):
        enter(make_respondent(), ref=ref)
    assert Response.objects.get().score == 3


def test_nothing_is_written_of_somebody_who_was_forgotten_meanwhile() -> None:
    respondent = make_respondent()
    erase_person(Person.objects.get(pk=respondent.person_id), by=make_staff("admin"), now=NOW)

    with pytest.raises(Erased):
        enter(respondent)

    assert not Invitation.objects.exists()


def test_several_answers_of_one_respondent_are_all_entered() -> None:
    respondent = make_respondent()

    enter(respondent)
    enter(respondent)

    assert Campaign.objects.get().invitations.count() == 2


def test_somebody_who_was_merged_uses_the_slots_of_whom_they_turned_out_to_be() -> None:
    kept, gone = make_respondent(), make_respondent()
    slots.merge_persons(kept.person, gone.person, now=NOW, by=None)
    enter(gone)

    assert send(kept, now=NOW) is not None
    assert refused(gone)
    assert refused(kept)


def test_it_is_in_no_response_rate() -> None:
    response = enter(make_respondent())

    _, asked = count_invitations([Period.from_inclusive(TODAY, TODAY)], unfolded=[])
    assert len(asked) == 0
    found = funnel(response.invitation.campaign)
    assert (found.counts["answered"], found.response_rate) == (1, None)


def test_it_is_counted_in_the_score_cells_on_its_day(capsys) -> None:
    enter(make_respondent(), day=TODAY - dt.timedelta(days=40))

    fold_all()
    call_command("check_score_cells")

    assert "answers=1 blocks=1 wrong=0" in capsys.readouterr().out


def test_a_campaign_with_a_gap_asks_later() -> None:
    respondent = make_respondent()
    campaign = make_campaign(minimum_gap_days=30)
    assert explain(campaign, respondent, now=NOW + DAY).reason == "asked"

    enter(respondent)

    assert explain(campaign, respondent, now=NOW + DAY).reason == "asked_recently"


def test_an_answer_without_a_busy_slot_is_found_by_the_check() -> None:
    respondent = make_respondent()
    enter(respondent)
    Slot.objects.filter(person=respondent.person).update(free_at=NOW)

    assert [line for line in findings(now=NOW) if "no slot" in line]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_beside_a_claim_take_the_one_free_slot_once() -> None:
    respondent = make_respondent()
    waiting = queue(respondent, now=NOW)
    assert waiting is not None
    make_staff("cs")
    start, outcomes = threading.Barrier(3), []

    def work(act: Any) -> None:
        try:
            start.wait()
            outcomes.append(act())
        except NoFreeSlot:
            outcomes.append("refused")
        finally:
            connection.close()

    acts = [lambda: enter(respondent).score, lambda: enter(respondent).score,
            lambda: claim(waiting, now=NOW)]  # fmt: skip
    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(map(str, outcomes)) == ["3", "True", "refused"]
    assert Response.objects.count() == 1
    finish(waiting, InvitationState.SENT, now=NOW)
    assert frequency_violations().violations == 0
    assert list(findings(now=NOW)) == []
