from __future__ import annotations

import pytest

from actions.services.alerts.answers import context_of, facts_of, named
from surveys.models import Response
from tests.actions.following import answered
from tests.staffing import make_staff
from tests.world import DAY, NOW, make_customer

pytestmark = pytest.mark.django_db


def test_an_answer_that_does_not_count_has_no_facts() -> None:
    response = answered(2)
    assert facts_of(response.pk, now=NOW) is not None

    Response.objects.update(suspect=True)
    assert facts_of(response.pk, now=NOW) is None
    assert facts_of(response.pk + 1, now=NOW) is None


def test_the_account_stands_beside_the_answer_with_its_last_answers() -> None:
    customer = make_customer(renews_on=(NOW + 41 * DAY).date())
    earlier = [answered(score, customer=customer, at=NOW - score * DAY) for score in (5, 6, 7, 8)]
    facts = facts_of(answered(2, customer=customer).pk, now=NOW)

    assert facts is not None
    assert facts.days_to_renewal == 41
    assert facts.follow_up == earlier[0].case.follow_up
    shown = context_of(facts, reader=None, url="u")
    assert [each.score for each, _ in shown["earlier"]] == [5, 6, 7]


def test_whoever_may_see_no_addresses_reads_a_respondent() -> None:
    facts = facts_of(answered(2).pk, now=NOW)
    assert facts is not None

    names = [
        context_of(facts, reader=make_staff(role), url="")["respondent"]
        for role in ("cs", "viewer")
    ]
    assert names == [facts.respondent.email, "A respondent"]
    facts.respondent.name = "Hanako"
    assert named(facts.respondent, with_address=False) == "Hanako"
