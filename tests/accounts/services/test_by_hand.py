from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Customer, CustomerTerms, FieldChange
from accounts.services.by_hand import add_customer, correct_customer
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_row_by_hand_leaves_what_a_file_would_and_says_what_it_changed() -> None:
    by = make_staff("cs")
    assert add_customer({"customer_id": "C1", "renews_on": "2027-01-01"}, by=by, now=NOW) == []
    customer = Customer.objects.get()

    errors = correct_customer(customer, {"renews_on": "2028-01-01", "seats": "5"}, by=by, now=NOW)

    assert errors == []
    terms = CustomerTerms.objects.get(customer=customer)
    assert (terms.renews_on, terms.seats) == (dt.date(2028, 1, 1), 5)
    changes = FieldChange.objects.order_by("field").values_list("field", "before", "after", "by")
    assert list(changes) == [
        ("renews_on", "2027-01-01", "2028-01-01", by.pk),
        ("seats", "", "5", by.pk),
    ]
    # Sent again it changes nothing.
    assert correct_customer(customer, {"seats": "5"}, by=by, now=NOW) == []
    assert FieldChange.objects.count() == 2
