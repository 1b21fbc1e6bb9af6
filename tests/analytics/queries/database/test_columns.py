"""What a row has is what comes back, packed by either database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from accounts.models import Customer, MonthlyRevenue
from analytics.counting.cells import folding
from analytics.counting.cells.checks import check_cells
from analytics.domain.periods import Period
from analytics.queries.database.columns import (
    Cents,
    DayNumber,
    Moment,
    Packed,
    columns_with_keys,
    days_of_numbers,
    number_of_day,
    packed_groups,
    seconds_of_moments,
    unpacked_columns,
)
from analytics.queries.filters import Filters
from analytics.reports.answers.segments import segment_report
from surveys.models import Campaign, Response
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# Nearer to the next day than to their own millisecond.
LAST_ANSWER = dt.datetime(2026, 4, 30, 23, 59, 59, 999_600, tzinfo=dt.UTC)
APRIL = Period(dt.date(2026, 4, 1), dt.date(2026, 5, 1))


def test_days_come_back_also_before_1970_and_where_there_is_none() -> None:
    days = [dt.date(1969, 12, 31), dt.date(1970, 1, 1), dt.date(2024, 2, 29), None]
    customers = [world.make_customer(started_on=day).pk for day in days]

    found = packed_groups(Customer.objects.all(), by=[], columns=["pk", DayNumber("started_on")])
    (pks, numbers), groups = columns_with_keys(found, width=2)

    shown = dict(zip(pks.tolist(), days_of_numbers(numbers).astype(object), strict=True))
    assert [shown[pk] for pk in customers] == days
    assert groups.tolist() == [0, 0, 0, 0]
    assert sorted(numbers.tolist())[1:] == sorted(number_of_day(day) for day in days if day)


@pytest.mark.parametrize("amount", ["0.00", "0.29", "1.15", "99999999.99"])
def test_amounts_are_exact(amount: str) -> None:
    customer = world.make_customer()
    MonthlyRevenue.objects.create(customer=customer, month=dt.date(2026, 3, 1), mrr=Decimal(amount))

    [(packed,)] = packed_groups(MonthlyRevenue.objects.all(), by=[], columns=[Cents("mrr")])

    assert unpacked_columns(packed, width=1).tolist() == [[int(Decimal(amount) * 100)]]


def test_moments_come_back_to_the_second() -> None:
    moments = ["1999-12-31T23:59:59+00:00", "2026-03-28T22:59:59.999999+00:00"]
    for each in moments:
        world.make_campaign(launched_at=dt.datetime.fromisoformat(each))

    packed = Campaign.objects.aggregate(found=Packed(Moment("launched_at")))["found"]

    seconds = seconds_of_moments(unpacked_columns(packed, width=1)[0])
    expected = [int(dt.datetime.fromisoformat(each).timestamp()) for each in moments]
    assert sorted(seconds.tolist()) == expected


def test_rows_keep_their_group() -> None:
    names = {world.make_customer(name=name).pk: name for name in ("a", "b", "a", "c", "a")}
    # An order of the rows would make a group of each of them.
    found = packed_groups(Customer.objects.order_by("pk"), by=["name"], columns=["pk"])

    (pks,), groups = columns_with_keys(found, width=1)

    shown = {pk: found[group][0] for pk, group in zip(pks.tolist(), groups.tolist(), strict=True)}
    assert shown == names
    assert len(found) == 3


@pytest.mark.parametrize("by", [[], ["name"]])
def test_no_rows_are_empty_columns(by: list[str]) -> None:
    columns, groups = columns_with_keys(
        packed_groups(Customer.objects.all(), by=by, columns=["pk", DayNumber("started_on")]),
        width=2,
    )

    assert (columns.shape, groups.shape) == ((2, 0), (0,))
    assert columns.dtype == groups.dtype == np.int64


def answer_at_the_end_of_the_month() -> None:
    campaign = world.make_campaign()
    invitation = world.ask(
        world.make_respondent(world.make_customer()), campaign, sent=LAST_ANSWER.isoformat()
    )
    world.answer(invitation, 9, at=LAST_ANSWER.isoformat())


def test_the_last_half_millisecond_of_a_day_is_of_that_day() -> None:
    answer_at_the_end_of_the_month()
    rows = packed_groups(Response.objects.all(), by=[], columns=[Moment("answered_at")])
    (moments,), _ = columns_with_keys(rows, width=1)
    assert seconds_of_moments(moments).tolist() == [int(LAST_ANSWER.timestamp())]


def test_an_answer_of_the_last_half_millisecond_is_counted_where_it_was_asked() -> None:
    answer_at_the_end_of_the_month()
    folding.fold_all()
    folding.close_invitations(now=LAST_ANSWER + dt.timedelta(days=60))

    total = segment_report(Filters(APRIL)).total
    assert (total.invited, total.responses, total.response_rate) == (1, 1, 1.0)
    assert check_cells().wrong == ()
