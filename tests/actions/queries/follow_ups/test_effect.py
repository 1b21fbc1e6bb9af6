from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Customer, MonthlyRevenue
from actions.models import AnswerCase, FollowUp, FollowUpRule, HoldOut
from actions.queries.follow_ups.effect import answers, courses, drawn_answers
from analytics.domain.periods import Period
from tests.actions.following import answered
from tests.world import DAY, NOW, answer, make_customer, make_invitation

pytestmark = pytest.mark.django_db
ASKED = NOW - 300 * DAY
PERIOD = Period.from_inclusive(dt.date(2026, 1, 1), dt.date(2026, 2, 28))
TODAY = NOW.date()


def test_what_came_after_is_read_from_the_landmark_on() -> None:
    customer = make_customer()
    first = answered(3, customer=customer, at=ASKED)
    FollowUp.objects.update(first_contact_at=ASKED + 29 * DAY)
    # Too early to be its outcome, and another person's.
    answered(10, customer=customer, at=ASKED + 10 * DAY)
    again = make_invitation(first.invitation.respondent, state="sent")
    answer(again, 8, at=ASKED + 60 * DAY)
    late = answered(4, at=ASKED)
    FollowUp.objects.filter(cases__response=late).update(first_contact_at=ASKED + 31 * DAY)
    for days in (20, 100, 220):
        gone = make_customer(churned_on=(ASKED + days * DAY).date())
        answered(5, customer=gone, at=ASKED)
    answered(2, at=ASKED, reason="imported")

    known = answers(PERIOD, dimension="", today=TODAY)

    # Who left before the landmark is in neither.
    assert [(each.followed_up, each.change, each.stayed) for each in known] == [
        (True, 5, True), (False, None, True), (False, None, False), (False, None, True)
    ]  # fmt: skip
    early = answers(PERIOD, dimension="", today=(ASKED + 150 * DAY).date())
    assert {each.stayed for each in early} == {None}


def test_without_any_known_churn_nobody_is_said_to_have_stayed() -> None:
    answered(3, at=ASKED)

    assert [each.stayed for each in answers(PERIOD, dimension="", today=TODAY)] == [None]


def test_strata_are_bands_of_mrr_and_the_segment_frozen_on_the_answer() -> None:
    for mrr in (10, 20, 30):
        response = answered(3, at=ASKED)
        customer = response.invitation.respondent.customer
        MonthlyRevenue.objects.create(customer=customer, month=dt.date(2025, 12, 1), mrr=mrr)
    answered(3, at=ASKED)

    known = answers(PERIOD, dimension="plan", today=TODAY)

    assert [each.stratum.partition("|")[0] for each in known] == ["0", "1", "2", "unknown"]
    # Bands are over one currency; what has no rate is not known, and not little.
    MonthlyRevenue.objects.update(currency="JPY")
    MonthlyRevenue.objects.filter(mrr=10).update(currency="USD")
    foreign = answers(PERIOD, dimension="plan", today=TODAY)[0]
    assert foreign.stratum.partition("|")[0] == "unknown"
    assert Customer.objects.count() == len(courses(PERIOD)) == 4


def test_by_lot_everybody_counts_from_the_answer_on_and_as_the_lot_fell() -> None:
    FollowUpRule.objects.create(trigger="score", level=8, due_hours=18)
    HoldOut.objects.create(percent=50)
    for days in (10, 300, None):
        gone = (ASKED + days * DAY).date() if days else None
        for _ in range(10):
            first = answered(8, customer=make_customer(churned_on=gone), at=ASKED)
        again = make_invitation(first.invitation.respondent, state="sent")
        answer(again, 5, at=ASKED + 3 * DAY)
    answered(3, at=ASKED)
    reached = FollowUp.objects.filter(trigger="score")
    reached.update(first_contact_at=ASKED + DAY)

    known = drawn_answers(PERIOD, dimension="", today=TODAY)

    assert len(known) == 30
    cases = list(AnswerCase.objects.exclude(arm="").order_by("response_id"))
    first_ones = [each for each in cases if each.response.score == 8]
    assert [each.followed_up for each in known] == [
        each.arm == "followed_up" for each in first_ones
    ]
    assert {each.followed_up for each in known} == {True, False}
    # Who left in the first month is there, and what came before the landmark counts.
    assert [each.stayed for each in known] == [False] * 10 + [True] * 20
    assert sorted(each.change for each in known if each.change is not None) == [-3] * 3
    assert {each.stratum for each in known} == {"unknown||50"}
