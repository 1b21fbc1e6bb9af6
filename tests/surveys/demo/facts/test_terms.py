from __future__ import annotations

import datetime as dt

from surveys.demo.facts.products import CORE
from tests.surveys.demo.facts.told_worlds import told_of
from tests.surveys.demo.made import NOW, World

TODAY = NOW.date()


def test_the_next_renewal_is_ahead_and_no_customer_renewed_once_it_had_left(usual: World) -> None:
    for told in told_of(usual):
        end = told.company.churned_on or TODAY + dt.timedelta(days=1)
        assert told.renewals[-1] >= end
        assert all(told.company.started_on < day < end for day in told.renewals[:-1])
        assert told.terms[-1].renews_on == told.renewals[-1]


def test_most_but_not_all_leave_when_their_contract_ends(usual: World) -> None:
    left = [told for told in told_of(usual) if told.company.churned_on]
    at_renewal = [told for told in left if told.renewals[-1] == told.company.churned_on]

    assert 0.5 < len(at_renewal) / len(left) < 0.8


def test_terms_become_known_before_they_apply_and_change_with_the_seats(usual: World) -> None:
    changes = 0
    for told in told_of(usual):
        days = [each.known_from for each in told.terms]
        assert days == sorted(set(days))
        assert days[-1] <= TODAY
        assert all(each.known_from < each.renews_on for each in told.terms)
        seats = [each.quantity for each in told.sold if each.product == CORE]
        assert {each.seats for each in told.terms} <= {told.company.seats, *seats}
        changes += len({each.seats for each in told.terms}) > 1
    assert changes > 50
