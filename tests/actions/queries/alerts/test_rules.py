from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Dimension, MonthlyRevenue
from actions.domain.alerts.rules import Account
from actions.models import AlertRule
from actions.queries.alerts.rules import accounts_of, rules_in_use
from tests.actions.alerting import make_channel, make_rule
from tests.staffing import make_staff
from tests.world import NOW, make_customer

pytestmark = pytest.mark.django_db


def test_rules_come_with_those_who_would_be_told(django_assert_num_queries) -> None:
    dimension = Dimension.objects.create(name="plan", source="customer", attribute="plan")
    viewer, channel = make_staff("viewer"), make_channel()
    for name in "AB":
        make_rule(viewer, channel, make_channel(disabled="hand"), name=name, dimension=dimension)
    make_rule(viewer, is_active=False, name="C")

    with django_assert_num_queries(3):
        found = rules_in_use()
        told = [[*each.staff.all(), *each.channels.all()] for each in found]
        assert [each.asks.dimension for each in found] == ["plan", "plan"]
    assert told == [[viewer, channel]] * 2


def test_mrr_is_read_only_where_a_rule_asks_for_it(django_assert_num_queries) -> None:
    customer = make_customer()
    month = dt.date(2026, 10, 1)
    MonthlyRevenue.objects.create(customer=customer, month=month, mrr=900, currency="JPY")
    values = {1: (customer.pk, {"plan": "pro"}), 2: (None, None)}
    with django_assert_num_queries(0):
        found = accounts_of(values, rules=[AlertRule(name="All")], day=NOW.date())
    assert found == {1: Account({"plan": "pro"}), 2: Account()}

    asks = make_rule(mrr_at_least=Decimal(1))
    assert accounts_of(values, rules=[asks], day=NOW.date())[1].mrr == 900
