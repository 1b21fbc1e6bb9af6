from __future__ import annotations

import datetime as dt

import pytest

from accounts.domain.segments import MRR, TENURE
from accounts.models import Dimension, MonthlyRevenue, SegmentProfile
from accounts.services.segments import current_attributes, digest, profile_ids
from tests.world import make_customer, make_person, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_what_is_known_of_a_respondent_wins_over_what_is_known_of_the_customer() -> None:
    customer = make_customer(
        attributes={"plan": "pro", "region": "east", "role": "of no one"},
        started_on=dt.date(2026, 9, 15),
    )
    MonthlyRevenue.objects.create(customer=customer, month=dt.date(2026, 10, 1), mrr=5)
    at_customer = make_respondent(customer=customer, role="buyer", attributes={"region": "own"})
    alone = make_respondent(make_person(), attributes={})
    alone.customer = None

    known = current_attributes([at_customer, alone], day=dt.date(2026, 11, 1))

    assert known == [
        {
            "plan": "pro",
            "region": "own",
            "role": "buyer",
            "language": "en",
            MRR: "5.00",
            TENURE: "1",
        },
        {"role": "", "language": "en", MRR: "", TENURE: ""},
    ]
    before = current_attributes([at_customer], day=dt.date(2026, 10, 31))
    assert before[0][MRR] == ""


def test_equal_values_share_a_profile_that_is_made_once(django_assert_num_queries) -> None:
    Dimension.objects.create(name="plan", source="customer", attribute="plan")
    rows = [{"plan": "pro", "seats": "1"}, {"plan": "free"}, {"plan": "pro", "seats": "2"}, {}]

    first, second, third, unknown = profile_ids(rows)
    with django_assert_num_queries(2):
        assert profile_ids(rows) == [first, second, third, unknown]

    assert first == third
    assert len({first, second, unknown}) == SegmentProfile.objects.count() == 3
    assert SegmentProfile.objects.get(pk=unknown).values == {"plan": ""}


def test_more_profiles_than_one_statement_takes_are_all_found_and_made() -> None:
    plan = Dimension(name="plan", source="customer", attribute="plan")
    rows = [{"plan": str(number)} for number in range(1_100)]
    profile_ids(rows[:600], dimensions=[plan])

    ids = profile_ids(rows, dimensions=[plan])

    assert len(set(ids)) == SegmentProfile.objects.count() == 1_100
    assert SegmentProfile.objects.get(pk=ids[1_099]).values == {"plan": "1099"}


def test_the_digest_knows_values_and_not_their_order() -> None:
    assert digest({"a": "1", "b": "青"}) == digest({"b": "青", "a": "1"})
    assert digest({"a": "1"}) != digest({"a": "", "b": "1"})
    # Stands on every profile that was ever frozen: another one would freeze them all anew.
    assert digest({"plan": "pro"}) == "c8e1e9d94b4f2da9009978e02dc16327d78cfad8"
