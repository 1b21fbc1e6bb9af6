from __future__ import annotations

import itertools

import pytest

from accounts.models import AuditEvent, Suppression
from accounts.services.suppression import lift, lift_ended
from surveys.models import DeliveryEvent, Invitation, Response
from surveys.sending.events.history import judge
from tests.staffing import make_staff
from tests.world import DAY, NOW, SECOND, make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db
_numbers = itertools.count()
FULL = {"bounce": "soft", "text": "552 5.2.2 full"}


def survey(respondent, *, at, kind: str = "", detail=None) -> Invitation:
    row = make_invitation(
        respondent, make_campaign(name="Spring"), state="sent", sent_at=at, claimed_at=at
    )
    if kind:
        tell(row, at=at, kind=kind, detail=detail)
    return row


def tell(row: Invitation, *, at, kind: str = "bounced", detail=None) -> None:
    DeliveryEvent.objects.create(
        provider="test", event_id=str(next(_numbers)), kind=kind, invitation=row,
        occurred_at=at, detail=detail or {},
    )  # fmt: skip
    judge(row, now=at)


def test_two_surveys_in_a_row_that_bounced_softly_give_the_address_up_for_a_time():
    somebody = make_respondent()
    survey(somebody, at=NOW - 180 * DAY, kind="bounced", detail=FULL)
    assert not Suppression.objects.exists()

    survey(somebody, at=NOW, kind="bounced", detail=FULL)

    found = Suppression.objects.get()
    assert (found.reason, found.until) == ("bounced", NOW + 182 * DAY)
    assert found.get_source_display() == (
        "two surveys in a row could not be delivered, the mailbox may be full: 552 5.2.2 full"
    )


@pytest.mark.parametrize("between", ["delivered", "autoresponded", ""])
def test_a_survey_that_arrived_ends_the_row(between):
    somebody = make_respondent()
    survey(somebody, at=NOW - 90 * DAY, kind="bounced", detail=FULL)
    survey(somebody, at=NOW - 60 * DAY, kind=between)
    survey(somebody, at=NOW, kind="bounced", detail=FULL)

    assert not Suppression.objects.exists()


def test_a_survey_that_was_refused_for_our_sake_does_not_end_it():
    somebody = make_respondent()
    survey(somebody, at=NOW - 90 * DAY, kind="bounced", detail=FULL)
    survey(somebody, at=NOW - 60 * DAY, kind="bounced", detail={"bounce": "policy"})
    assert not Suppression.objects.exists()
    survey(somebody, at=NOW, kind="bounced", detail=FULL)

    assert Suppression.objects.exists()


def test_what_bounced_and_was_delivered_or_answered_after_all_arrived():
    somebody = make_respondent()
    first = survey(somebody, at=NOW - 90 * DAY, kind="bounced", detail=FULL)
    tell(first, at=NOW - 89 * DAY, kind="delivered")
    second = survey(somebody, at=NOW - 60 * DAY, kind="bounced", detail=FULL)
    answered = NOW - 59 * DAY
    Response.objects.create(invitation=second, score=9, answered_at=answered, changed_at=answered)
    survey(somebody, at=NOW, kind="bounced", detail=FULL)

    assert not Suppression.objects.exists()


def test_several_soft_bounces_of_one_survey_are_one_unless_they_last_for_half_a_year():
    row = survey(make_respondent(), at=NOW, kind="bounced", detail=FULL)
    for day in (1, 20, 181):
        tell(row, at=NOW + day * DAY, detail=FULL)
    assert not Suppression.objects.exists()

    tell(row, at=NOW + 182 * DAY, detail=FULL)
    assert Suppression.objects.get().until == NOW + 364 * DAY


def test_the_address_is_tried_again_on_its_day_and_the_log_says_so():
    somebody = make_respondent()
    for day in (-90, 0):
        survey(somebody, at=NOW + day * DAY, kind="bounced", detail=FULL)
    again = Suppression.objects.get().until
    assert again is not None

    assert lift_ended(now=again - SECOND) == 0
    assert lift_ended(now=again) == 1
    assert lift_ended(now=again) == 0

    assert not Suppression.objects.active().exists()
    event = AuditEvent.objects.get()
    assert (event.action, event.actor) == ("suppression.lift", None)
    survey(somebody, at=again + DAY, kind="bounced", detail=FULL)
    assert not Suppression.objects.active().exists()


def test_what_an_admin_lifts_stays_lifted_by_what_was_before():
    somebody = make_respondent()
    for day in (-90, 0):
        row = survey(somebody, at=NOW + day * DAY, kind="bounced", detail=FULL)
    lift(Suppression.objects.get(), by=make_staff("admin"), note="asked them", now=NOW + DAY)

    tell(row, at=NOW + 2 * DAY, kind="deferred")

    assert not Suppression.objects.active().exists()


def test_a_dead_address_replaces_a_full_mailbox_and_has_no_end():
    somebody = make_respondent()
    for day in (-90, 0):
        row = survey(somebody, at=NOW + day * DAY, kind="bounced", detail=FULL)

    tell(row, at=NOW + DAY, detail={"bounce": "hard", "text": "550 5.1.1 nobody"})

    found = Suppression.objects.get()
    assert found.until is None
    assert found.get_source_display() == (
        "the address does not exist or is closed: 550 5.1.1 nobody"
    )
    survey(somebody, at=NOW + 2 * DAY, kind="bounced", detail=FULL)
    assert Suppression.objects.get().until is None


@pytest.mark.parametrize("kind", ["policy", "transient", "challenge", "reply"])
def test_what_is_not_the_persons_fault_never_counts_against_them(kind):
    somebody = make_respondent()
    for day in range(10):
        survey(somebody, at=NOW + 200 * day * DAY, kind="bounced", detail={"bounce": kind})

    assert not Suppression.objects.exists()


def test_a_drop_for_an_earlier_complaint_or_opt_out_is_one():
    complained, opted_out = make_respondent(), make_respondent()
    survey(complained, at=NOW, kind="rejected", detail={"bounce": "complaint"})
    survey(opted_out, at=NOW, kind="rejected", detail={"bounce": "opt_out"})

    found = dict(Suppression.objects.values_list("person", "reason"))
    assert found == {complained.person_id: "complained", opted_out.person_id: "opted_out"}
