from __future__ import annotations

import pytest

from surveys.models import Invitation
from surveys.services.campaigns.withdraw import withdraw
from tests.world import NOW, claim, free_dates, make_person, make_respondent, queue

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_what_waits_goes_with_its_slot_and_what_was_claimed_stays() -> None:
    person = make_person()
    before = free_dates(person)
    claimed, waiting = queue(make_respondent(person)), queue(make_respondent(person))
    assert claim(claimed, now=NOW)

    assert withdraw(Invitation.objects.filter(person=person), now=NOW) == 1

    assert Invitation.objects.get() == claimed
    assert waiting.pk != claimed.pk
    assert len(set(free_dates(person)) & set(before)) == 1
    assert withdraw(Invitation.objects.filter(person=person), now=NOW) == 0


def test_what_was_tried_before_keeps_its_history() -> None:
    invitation = queue(make_respondent())
    Invitation.objects.update(state="retry", attempts_made=1)

    assert withdraw(Invitation.objects.all(), now=NOW) == 1

    invitation.refresh_from_db()
    assert (invitation.state, invitation.reason) == ("cancelled", "withdrawn")
