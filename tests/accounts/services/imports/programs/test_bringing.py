from __future__ import annotations

from functools import partial

import pytest

from accounts.domain.imports.file_columns import FileKind
from accounts.models import (
    AuditEvent,
    Customer,
    Dimension,
    ImportedFact,
    MonthlyRevenue,
    Reading,
    Respondent,
)
from accounts.services.imports.programs.bringing import bring_in_rows
from tests.world import NOW, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
bring = partial(bring_in_rows, now=NOW, source="API key koe_x_…")


def test_rows_are_what_a_file_of_them_would_be() -> None:
    rows = [{"customer_id": f"C{n}", "churned_on": None, "attributes": {"plan": "pro"}}
            for n in range(3)]  # fmt: skip

    found = bring(FileKind.CUSTOMERS, rows)
    assert (found.created, found.unchanged, found.errors) == (3, 0, [])
    assert ImportedFact.objects.filter(fact=ImportedFact.Fact.CHURN).exists()
    assert Dimension.objects.get(name="plan").source == "customer"
    assert Customer.objects.first().versions.count() == 1
    assert bring(FileKind.CUSTOMERS, rows).unchanged == 3
    assert AuditEvent.objects.get().target == "API key koe_x_…"


def test_one_bad_row_keeps_all_of_them_out() -> None:
    customer = make_customer().customer_id
    good = {"email": "a@x.example", "customer_id": customer}
    rows = [good, {**good, "email": "a@"}, {**good, "email": "b@x.example", "name": "B"}]

    refused = bring(FileKind.RESPONDENTS, rows)
    assert ([each.line for each in refused.errors], refused.created) == ([2], 0)
    assert not Respondent.objects.exists()
    taken = bring(FileKind.RESPONDENTS, rows, skip_bad_rows=True)
    assert (taken.created, taken.refused, taken.received) == (2, 1, 3)


def test_numbers_of_respondents_are_summed_as_in_a_file() -> None:
    customer = make_customer().customer_id
    people = [{"email": f"{n}@x.example", "customer_id": customer} for n in "ab"]
    bring(FileKind.RESPONDENTS, people)

    usage = {"day": "2026-01-01", "measure": "m"}
    bring(FileKind.USAGE, [{**each, **usage, "value": 2.5} for each in people])
    assert Reading.objects.get().value == 5
    assert Reading.objects.get().is_sum


def test_a_month_keeps_its_products_beside_a_rest_that_names_none() -> None:
    bring(FileKind.CUSTOMERS, [{"customer_id": "C1"}])
    month = {"customer_id": "C1", "month": "2026-02"}
    rows = [
        {**month, "mrr": 3},
        {**month, "mrr": 5, "product": "p", "currency": "JPY"},
        {**month, "mrr": 7, "product": "q"},
    ]

    for given in (rows, rows[::-1]):
        MonthlyRevenue.objects.all().delete()
        assert bring(FileKind.REVENUE, given).created == 3
        found = MonthlyRevenue.objects.order_by("product").values_list("product", "mrr")
        assert dict(found) == {"": 3, "p": 5, "q": 7}
    # A whole that comes by itself takes their place.
    bring(FileKind.REVENUE, [rows[0]])
    assert MonthlyRevenue.objects.get().mrr == 3
