from __future__ import annotations

import json

import pytest

from accounts.models import Customer
from tests.api.calling import Rest

pytestmark = pytest.mark.django_db
USAGE = {"customer_id": "C1", "day": "2026-01-05", "measure": "logins", "value": 3}


def test_sent_again_under_its_name_it_does_nothing_twice() -> None:
    Customer.objects.create(customer_id="C1")
    rest, name = Rest(), {"HTTP_IDEMPOTENCY_KEY": "night-1"}

    first = rest("POST", "usage", [USAGE], **name)
    again = rest("POST", "usage", [USAGE], **name)
    assert (first.json(), first.json()["created"]) == (again.json(), 1)
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    other = rest.send("POST", "usage", [{**USAGE, "value": 9}], status=409, **name)
    assert other["type"].endswith("#repeated")
    # A name is that of one key.
    assert Rest().send("POST", "usage", [USAGE], **name)["unchanged"] == 1
    rest.send("POST", "usage", [USAGE], status=422, HTTP_IDEMPOTENCY_KEY="a b")


def test_no_more_rows_than_ten_thousand_at_once() -> None:
    rows = [{"customer_id": "C", "day": "2026-01-01", "measure": "m", "value": 1}] * 10_001

    found = Rest().send("POST", "usage", rows, status=422)
    assert "10000" in json.dumps(found)
