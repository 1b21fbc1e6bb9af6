from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Customer
from analytics.counting.cells.folding import fold_all
from analytics.counting.last_answers import last_answers, silent_customers
from surveys.domain.states import InvitationState
from surveys.models import Invitation
from tests.world import DAY, NOW, answer, make_customer, make_invitation, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def asked(customer: Customer | None, **fields: object) -> Invitation:
    respondent = make_respondent(customer=customer)
    return make_invitation(respondent, **{"state": InvitationState.SENT, "sent_at": NOW} | fields)


def answered(customer: Customer, score: int, *, back: int = 0) -> Invitation:
    invitation = asked(customer)
    answer(invitation, score, at=NOW - back * DAY)
    return invitation


@pytest.mark.parametrize("folded", [True, False])
def test_the_last_day_counts_and_on_it_the_lowest_score(folded: bool) -> None:
    customer, other = make_customer(), make_customer()
    answered(customer, 0, back=40)
    answered(customer, 9)
    answered(customer, 7)
    answered(other, 10, back=3)
    silent = asked(None).respondent.customer
    if folded:
        fold_all()

    found = last_answers()

    assert (found.day(customer.pk), found.score(customer.pk)) == (NOW.date(), 7)
    assert (found.day(other.pk), found.score(other.pk)) == (NOW.date() - dt.timedelta(3), 10)
    assert silent is not None
    assert (found.day(silent.pk), found.score(silent.pk)) == (None, None)
    assert silent_customers(found, today=NOW.date()) == [silent.pk]


def test_a_change_that_is_not_folded_yet_takes_the_score_before_away() -> None:
    customer = make_customer()
    invitation = answered(customer, 2)
    fold_all()
    answer(invitation, 9, at=NOW + dt.timedelta(hours=2))

    assert last_answers().score(customer.pk) == 9


def test_whose_customer_is_named_later_answered_all_the_same() -> None:
    invitation = asked(None)
    invitation.respondent.customer = None
    invitation.respondent.save()
    answer(invitation, 4)
    fold_all()
    customer = make_customer()
    invitation.respondent.customer = customer
    invitation.respondent.save()

    found = last_answers()

    assert found.score(customer.pk) == 4
    assert silent_customers(found, today=NOW.date()) == []


def test_nobody_is_silent_who_was_never_asked() -> None:
    make_customer()
    asked(None, state=InvitationState.QUEUED, sent_at=None)

    assert silent_customers(last_answers(), today=NOW.date()) == []
