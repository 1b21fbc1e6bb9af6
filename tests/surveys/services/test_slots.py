from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from accounts.domain.contactability import SuppressionReason
from accounts.models import AuditEvent, Respondent, Suppression
from accounts.services.suppression import suppress
from surveys.domain import frequency
from surveys.domain.states import InvitationState
from surveys.models import Invitation, Slot
from surveys.services import slots
from tests.world import (
    DAY,
    HOUR,
    NOW,
    SECOND,
    WINDOW,
    anchor,
    claim,
    finish,
    free_dates,
    make_campaign,
    make_customer,
    make_invitation,
    make_person,
    make_respondent,
    person_for,
    queue,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def imported(respondent: Respondent, *, at: dt.datetime) -> Invitation:
    return make_invitation(
        respondent, state=InvitationState.SENT, reason="imported", sent_at=at, send_at=None
    )


def test_ensure_slots_gives_two_and_leaves_those_there_are() -> None:
    respondent = make_respondent()
    send(respondent, now=NOW)
    before = free_dates(respondent.person)
    slots.ensure_slots([respondent.person_id, respondent.person_id])
    assert free_dates(respondent.person) == before
    assert len(before) == 2


def test_reserve_gives_the_third_invitation_nothing() -> None:
    respondent = make_respondent()
    assert queue(respondent) is not None
    assert queue(respondent) is not None
    assert queue(respondent) is None


def test_reserve_serves_many_persons_and_names_those_served() -> None:
    free, full = make_respondent(), make_respondent()
    send(full, now=NOW - 2 * DAY)
    send(full, now=NOW - DAY)
    wanted = {each.person_id: make_invitation(each).pk for each in (free, full)}
    assert slots.reserve(wanted, now=NOW) == {wanted[free.person_id]}


def test_reserve_needs_slot_rows() -> None:
    respondent = make_respondent()
    Slot.objects.filter(person=respondent.person).delete()
    assert queue(respondent) is None


def test_slot_restarts_at_the_send_time_not_at_the_reserve_time() -> None:
    respondent = make_respondent()
    invitation = queue(respondent, now=NOW)
    assert invitation is not None
    resumed = NOW + 60 * DAY
    assert claim(invitation, now=resumed)
    finish(invitation, InvitationState.SENT, now=resumed)
    assert free_dates(respondent.person)[1] == resumed + WINDOW


def test_anchor_refuses_who_holds_no_slot_and_who_was_anchored_before() -> None:
    invitation = queue(make_respondent())
    assert invitation is not None
    assert anchor(invitation, now=NOW) == 1
    assert anchor(invitation, now=NOW + HOUR) == 0
    assert anchor(make_invitation(make_respondent()), now=NOW) == 0


def test_anchor_refuses_while_the_clock_stands_before_the_slot_is_free() -> None:
    respondent = make_respondent()
    send(respondent, now=NOW)
    send(respondent, now=NOW)
    invitation = queue(respondent, now=NOW + WINDOW)
    assert invitation is not None
    assert anchor(invitation, now=NOW + WINDOW - SECOND) == 0


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize(
    "sent_at",
    [
        dt.datetime(2027, 2, 28, 23, 59, 59, tzinfo=dt.UTC),  # the next year has a leap day
        dt.datetime(2028, 2, 29, 12, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 8, 7, tzinfo=dt.UTC),  # New York's clocks go forward
        dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC),  # and back
        dt.datetime(2026, 12, 31, 15, tzinfo=dt.UTC),  # the new year in Tokyo
        dt.datetime(2026, 6, 30, 23, 59, 59, 999999, tzinfo=dt.UTC),
    ],
)
def test_window_is_8760_hours_to_the_second_in_every_zone(zone: str, sent_at: dt.datetime) -> None:
    with timezone.override(ZoneInfo(zone)):
        set_session_zone(zone)
        respondent = make_respondent()
        local = sent_at.astimezone(ZoneInfo(zone))
        assert send(respondent, now=local)
        assert send(respondent, now=local)
        edge = sent_at + dt.timedelta(hours=8760)
        set_session_zone("UTC")  # in which Django reads
        assert slots.next_possible(respondent.person, now=sent_at) == edge
        set_session_zone(zone)
        assert queue(respondent, now=edge - SECOND) is None
        assert queue(respondent, now=edge) is not None


def set_session_zone(zone: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE %s", [zone])


def test_settle_keeps_the_date_and_release_gives_it_back() -> None:
    respondent = make_respondent()
    before = free_dates(respondent.person)
    failed, unknown = queue(respondent), queue(respondent)
    assert failed is not None
    assert unknown is not None
    assert claim(failed, now=NOW)
    assert claim(unknown, now=NOW)
    finish(failed, InvitationState.FAILED, now=NOW)
    finish(unknown, InvitationState.UNKNOWN, now=NOW)
    assert free_dates(respondent.person) == [before[0], NOW + WINDOW]


def test_release_after_settling_frees_nothing() -> None:
    respondent = make_respondent()
    invitation = send(respondent, now=NOW)
    assert invitation is not None
    assert slots.release([invitation.pk]) == 0
    assert free_dates(respondent.person)[1] == NOW + WINDOW


def test_unanchor_keeps_the_slot_for_another_try() -> None:
    respondent = make_respondent()
    invitation = queue(respondent)
    assert invitation is not None
    assert claim(invitation, now=NOW)
    assert slots.unanchor([invitation.pk]) == 1
    [held] = Slot.objects.filter(held_by=invitation)
    assert (held.free_at, held.prev_free_at) == (frequency.NEVER_USED, frequency.NEVER_USED)
    assert queue(respondent) is not None
    assert queue(respondent) is None
    assert anchor(invitation, now=NOW + HOUR) == 1
    assert NOW + HOUR + WINDOW in free_dates(respondent.person)


def test_next_possible_is_now_then_the_earlier_of_two_dates() -> None:
    respondent = make_respondent()
    assert slots.next_possible(respondent.person, now=NOW) == NOW
    send(respondent, now=NOW - 100 * DAY)
    assert slots.next_possible(respondent.person, now=NOW) == NOW
    send(respondent, now=NOW - 50 * DAY)
    assert slots.next_possible(respondent.person, now=NOW) == NOW - 100 * DAY + WINDOW


def test_one_survey_a_year_leaves_the_other_slot_shut(settings: Any) -> None:
    both, second = make_respondent(), make_respondent()
    send(both, now=NOW - 10 * DAY)
    queue(second)
    assert queue(second) is not None
    Slot.objects.filter(person=second.person, number=0).update(held_by=None)
    settings.SURVEYS_PER_YEAR = 1
    assert queue(both) is None
    assert slots.next_possible(both.person, now=NOW) == NOW - 10 * DAY + WINDOW
    assert queue(second) is None
    fresh = make_respondent()
    assert queue(fresh) is not None
    assert queue(fresh) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hanako.Sato@example.co.jp", "hanako.sato@example.co.jp"),
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"),
        ("sato+koe@example.com", "sato@example.com"),
        ("s.a.t.o@gmail.com", "sato@googlemail.com"),
        ("info@例え.jp", "info@xn--r8jz45g.jp"),
    ],
)
def test_spellings_of_one_address_share_one_cap(one: str, other: str) -> None:
    person = person_for(one)
    slots.ensure_slots([person.pk])
    first = make_respondent(person, email=one)
    second = make_respondent(person_for(other), email=other)
    assert send(first, now=NOW)
    assert send(second, now=NOW)
    assert queue(first) is None
    assert second.email == other


def test_occupy_from_history_takes_slots_once() -> None:
    respondent = make_respondent()
    imported(respondent, at=NOW - 400 * DAY)
    imported(respondent, at=NOW - 30 * DAY)
    for _ in range(2):
        slots.occupy_from_history([respondent.person_id], now=NOW)
        assert free_dates(respondent.person)[1] == NOW - 30 * DAY + WINDOW
        assert slots.next_possible(respondent.person, now=NOW) == NOW
    imported(respondent, at=NOW - 20 * DAY)
    slots.occupy_from_history([respondent.person_id], now=NOW)
    assert slots.next_possible(respondent.person, now=NOW) == NOW - 30 * DAY + WINDOW


def test_occupy_from_history_makes_the_slots_of_an_unknown_person() -> None:
    respondent = make_respondent()
    Slot.objects.filter(person=respondent.person).delete()
    imported(respondent, at=NOW - DAY)
    slots.occupy_from_history([respondent.person_id], now=NOW)
    assert free_dates(respondent.person)[1] == NOW - DAY + WINDOW


def test_occupy_from_history_cancels_queued_mail_that_would_be_the_third() -> None:
    respondent = make_respondent()
    waiting = queue(respondent)
    assert waiting is not None
    imported(respondent, at=NOW - 2 * DAY)
    imported(respondent, at=NOW - DAY)
    slots.occupy_from_history([respondent.person_id], now=NOW)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("cancelled", "capped")
    assert free_dates(respondent.person) == [NOW - 2 * DAY + WINDOW, NOW - DAY + WINDOW]


def test_merge_keeps_the_two_latest_sends() -> None:
    kept, gone = make_respondent(), make_respondent()
    send(kept, now=NOW - 90 * DAY)
    send(gone, now=NOW - 60 * DAY)
    send(gone, now=NOW - 30 * DAY)
    slots.merge_persons(kept.person, gone.person, now=NOW, by=None)
    assert free_dates(kept.person) == [NOW - 60 * DAY + WINDOW, NOW - 30 * DAY + WINDOW]
    assert free_dates(gone.person) == [slots.NEVER_FREE] * 2


def test_merge_moves_respondents_suppression_and_waiting_mail() -> None:
    kept, gone = make_respondent(), make_respondent()
    waiting = queue(gone)
    assert waiting is not None
    suppress(gone.person, SuppressionReason.OPTED_OUT, now=NOW)
    slots.merge_persons(kept.person, gone.person, now=NOW, by=None)
    gone.refresh_from_db()
    waiting.refresh_from_db()
    assert gone.person == kept.person == waiting.person
    assert Slot.objects.get(held_by=waiting).person == kept.person
    assert Suppression.objects.active().filter(person=kept.person).count() == 1
    assert person_for(gone.email) == kept.person
    event = AuditEvent.objects.get(action="person.merge")
    assert event.target == f"person {kept.person_id}"


def test_merge_cancels_the_mail_beyond_the_cap() -> None:
    kept, gone = make_respondent(), make_respondent()
    send(kept, now=NOW - DAY)
    ours, theirs = queue(kept), queue(gone)
    assert ours is not None
    assert theirs is not None
    slots.merge_persons(kept.person, gone.person, now=NOW, by=None)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.state, theirs.state) == ("queued", "cancelled")


def test_merge_leaves_one_of_two_mails_of_one_campaign() -> None:
    kept, gone = make_respondent(), make_respondent()
    ours, theirs = queue(kept), queue(gone)
    assert ours is not None
    assert theirs is not None
    Invitation.objects.filter(pk=theirs.pk).update(campaign=ours.campaign_id)
    slots.merge_persons(kept.person, gone.person, now=NOW, by=None)
    theirs.refresh_from_db()
    assert (theirs.state, theirs.person_id) == ("cancelled", gone.person_id)
    assert not Slot.objects.filter(held_by=theirs).exists()


def test_merge_of_who_was_merged_while_two_mails_were_under_way_leaves_one_of_them() -> None:
    campaign = make_campaign()
    rows = [make_invitation(make_respondent(), campaign, state="sending") for _ in range(2)]
    one, other = (row.person for row in rows)
    slots.merge_persons(one, other, now=NOW, by=None)
    Invitation.objects.update(state="retry")  # both were lost before the final dot

    slots.merge_persons(last := make_person(), one, now=NOW, by=None)

    states = Invitation.objects.order_by("pk").values_list("person", "state", "reason")
    assert list(states) == [(last.pk, "retry", ""), (other.pk, "cancelled", "merged")]


def test_merge_of_two_respondents_at_one_customer_leaves_both_rows() -> None:
    customer = make_customer()
    kept, gone = make_respondent(customer=customer), make_respondent(customer=customer)
    slots.merge_persons(kept.person, gone.person, now=NOW, by=None)
    assert Respondent.objects.get(pk=gone.pk).person_id == gone.person_id


def test_merge_again_and_with_oneself_changes_nothing() -> None:
    kept, gone = make_person(), make_person()
    slots.merge_persons(kept, gone, now=NOW, by=None)
    slots.merge_persons(kept, gone, now=NOW + DAY, by=None)
    slots.merge_persons(kept, kept, now=NOW, by=None)
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (gone.merged_into, gone.merged_at, kept.merged_into) == (kept, NOW, None)
    assert slots.next_possible(kept, now=NOW) == NOW
