from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import ExchangeRate, MonthlyRevenue
from accounts.queries.money.currency import (
    LeftOut,
    amounts_left_out,
    conversion,
    conversion_for_sending,
)
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


def pay(*rows: tuple[str, dt.date]) -> None:
    customer: Any = None
    for currency, month in rows:
        customer = make_customer()
        MonthlyRevenue.objects.create(customer=customer, month=month, mrr=1, currency=currency)


def test_rates_are_read_only_where_there_are_several_currencies(django_assert_num_queries) -> None:
    pay(("", OCTOBER), ("JPY", OCTOBER))
    ExchangeRate.objects.create(month=OCTOBER, currency="USD", rate=150)

    with django_assert_num_queries(2):
        known = conversion()
    assert (known.currency, known.has_foreign) == ("JPY", False)

    pay(("USD", OCTOBER))
    known = conversion()
    assert (known.currency, known.has_foreign) == ("JPY", True)
    assert known.rate("USD", month=OCTOBER) == Decimal(150)


def test_sending_counts_all_rows_once_a_minute_and_knows_a_new_currency_and_rate_at_once() -> None:
    cache.clear()
    pay(("JPY", OCTOBER), ("JPY", OCTOBER), ("USD", OCTOBER))
    with CaptureQueriesContext(connection) as first:
        assert conversion_for_sending() == conversion_for_sending()
    counting = [each["sql"] for each in first if "COUNT" in each["sql"]]
    ExchangeRate.objects.create(month=OCTOBER, currency="USD", rate=150)

    assert len(counting) == 1
    assert conversion_for_sending() == conversion()
    assert conversion_for_sending().rate("USD", month=OCTOBER) == Decimal(150)

    pay(*[("EUR", OCTOBER)] * 3)
    assert conversion_for_sending() == conversion()
    assert conversion_for_sending().currency == "EUR"


def test_what_no_rate_is_known_of_is_counted_by_currency_from_a_month_on() -> None:
    pay(("JPY", OCTOBER), ("", OCTOBER), *[("USD", month) for month in (OCTOBER, NOVEMBER)] * 2)
    pay(("JPY", NOVEMBER), *[("JPY", OCTOBER)] * 9, ("EUR", NOVEMBER))
    ExchangeRate.objects.create(month=OCTOBER, currency="USD", rate=150)
    ExchangeRate.objects.create(month=OCTOBER, currency="EUR", rate=160)

    assert amounts_left_out(conversion(), since=OCTOBER) == [
        LeftOut("EUR", 1, 1, NOVEMBER, NOVEMBER),
        LeftOut("USD", 2, 2, NOVEMBER, NOVEMBER),
    ]
    assert amounts_left_out(conversion(), since=dt.date(2026, 12, 5)) == []
