from __future__ import annotations

import pytest

from actions.domain.rules.triggers import DEFAULTS, Trigger
from actions.models import FollowUp
from actions.services.follow_ups.opening import Subject, open_or_join
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SCORE, MANUAL = DEFAULTS[Trigger.SCORE], DEFAULTS[Trigger.MANUAL]


def test_one_is_open_for_each_customer_and_reason() -> None:
    here, there = make_respondent(), make_respondent()
    subject = Subject(here.customer_id, here.pk)
    first = open_or_join(subject, SCORE, owner=None, now=NOW)

    assert open_or_join(Subject(here.customer_id, there.pk), SCORE, owner=None, now=NOW) == first
    assert open_or_join(subject, MANUAL, owner=None, now=NOW) != first
    assert open_or_join(Subject(there.customer_id, None), SCORE, owner=None, now=NOW) != first


def test_who_is_at_no_customer_has_their_own() -> None:
    persons = [make_respondent(), make_respondent()]
    made = [open_or_join(Subject(None, each.pk), SCORE, owner=None, now=NOW) for each in persons]

    again = open_or_join(Subject(None, persons[0].pk), SCORE, owner=None, now=NOW)
    assert again == made[0] != made[1]


def test_joining_brings_the_due_date_back_and_counts_the_version_up() -> None:
    staff, customer = make_staff("cs"), make_respondent().customer_id
    first = open_or_join(Subject(customer, None), SCORE, owner=staff, now=NOW)
    FollowUp.objects.update(due_at=NOW + 100 * DAY)

    open_or_join(Subject(customer, None), SCORE, owner=None, now=NOW + DAY)

    found = FollowUp.objects.get()
    assert (found.owner, found.version) == (staff, 2)
    assert first.due_at < found.due_at < NOW + 4 * DAY
