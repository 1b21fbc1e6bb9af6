from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Customer
from accounts.queries.customers.listing import CustomerFilter
from analytics.queries.database.snapshot import one_snapshot
from analytics.views.customers.rows import WRITTEN, Facts, ids_in_order, written_rows
from tests.world import NOW, answer, make_customer, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def test_what_is_not_known_comes_last_either_way() -> None:
    unknown, low, high = (make_customer() for _ in range(3))
    for each, score in ((low, 2), (high, 8)):
        invitation = make_invitation(make_respondent(customer=each), state="sent", sent_at=NOW)
        answer(invitation, score)
    facts = Facts.of(timezone.localdate(NOW))

    def order(sort: str) -> list[int]:
        return ids_in_order(Customer.objects.all(), CustomerFilter(sort=sort), facts)

    assert order("score") == [low.pk, high.pk, unknown.pk]
    assert order("-score") == [high.pk, low.pk, unknown.pk]
    # Of nobody a score is stored.
    assert order("-health") == [unknown.pk, low.pk, high.pk]


def test_the_rows_of_a_file_are_written_when_the_snapshot_is_over() -> None:
    pks = [make_customer(name=f"n{number}").pk for number in range(3)]
    with one_snapshot():
        header, lines = written_rows(pks[::-1], Facts.of(timezone.localdate(NOW)))

    assert header == list(WRITTEN)
    rows = list(lines)
    assert [row[1] for row in rows] == ["n2", "n1", "n0"]
    assert {len(row) for row in rows} == {len(WRITTEN)}
