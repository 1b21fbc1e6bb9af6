from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from accounts.models import Customer, Event, MonthlyRevenue, Reading, WaitingRow
from tests.api.calling import Rest

pytestmark = pytest.mark.django_db
USAGE = {"customer_id": "C1", "day": "2026-01-05", "measure": "logins", "value": 3}


def test_usage_is_set_line_by_line() -> None:
    Customer.objects.create(customer_id="C1")
    rest, kind = Rest(), "application/x-ndjson"
    lines = "\n".join(json.dumps({**USAGE, "value": value, "day": day}) for value, day in [
        (3, "2026-01-05"), (-2.5, "2026-01-06"),
    ])  # fmt: skip

    assert rest.send("POST", "usage", lines + "\n", CONTENT_TYPE=kind)["created"] == 2
    found = rest.send("POST", "usage", [{**USAGE, "value": 4}, USAGE | {"value": 4}])
    assert (found["updated"], found["unchanged"]) == (1, 1)
    assert sorted(map(float, Reading.objects.values_list("value", flat=True))) == [-2.5, 4.0]


def test_the_same_fact_told_in_two_ways_is_refused() -> None:
    Customer.objects.create(customer_id="C1")

    found = Rest().send("POST", "usage", [USAGE, {**USAGE, "value": 4}], status=409)
    assert [(each["row"], each["field"]) for each in found["errors"]] == [(2, "day")]


def test_facts_of_customers_that_nobody_named_wait_for_them() -> None:
    rest = Rest()
    event = {"customer_id": "N", "kind": "trained", "at": "2026-01-05T10:00:00Z", "ref": "1"}

    assert rest.send("POST", "usage", [{**USAGE, "customer_id": "N"}])["waiting"] == 1
    assert rest.send("POST", "usage", [{**USAGE, "customer_id": "N", "value": 7}])["waiting"] == 1
    assert rest.send("POST", "events", [event])["waiting"] == 1
    revenue = {"customer_id": "N", "month": "2026-01", "mrr": 10.5, "currency": "JPY"}
    assert rest.send("POST", "revenue", [revenue])["waiting"] == 1
    rest.send("PUT", "customers/N", {"name": "New"})
    assert not WaitingRow.objects.exists()
    # Told again meanwhile, the later one holds.
    assert Reading.objects.get().value == 7
    assert (Event.objects.get().ref, MonthlyRevenue.objects.get().currency) == ("1", "JPY")


@pytest.mark.parametrize(
    ("path", "row", "status", "field"),
    [
        ("usage", {**USAGE, "day": "2999-01-01"}, 409, "day"),
        ("usage", {**USAGE, "day": "2026-13-01"}, 422, "day"),
        ("usage", {**USAGE, "value": "3"}, 422, "value"),
        ("usage", {**USAGE, "value": 1e30}, 422, "value"),
        ("usage", {**USAGE, "extra": 1}, 422, "extra"),
        ("usage", {**USAGE, "email": "nobody@x.example"}, 409, "email"),
        ("usage", {**USAGE, "measure": "!"}, 409, "measure"),
        ("revenue", {"customer_id": "C1", "month": "2026-1", "mrr": 1}, 422, "month"),
        ("revenue", {"customer_id": "C1", "month": "2026-01", "mrr": -1}, 422, "mrr"),
        ("events", {"customer_id": "C1", "kind": "x", "at": "2026-01-01"}, 422, "at"),
        ("events", {"customer_id": "C1", "kind": "x"}, 422, "at"),
    ],
)
def test_what_is_wrong_with_a_row_is_named(path: str, row: dict, status: int, field: str) -> None:
    Customer.objects.create(customer_id="C1")

    found = Rest().send("POST", path, [row], status=status)
    assert (found["errors"][0]["row"], found["errors"][0]["field"]) == (1, field)


def test_facts_are_read_back_as_they_were_told() -> None:
    rest = Rest()
    rest.send("POST", "customers", [{"customer_id": "C1"}, {"customer_id": "C2"}])
    person = {"email": "aya@x.example", "customer_id": "C1"}
    rest.send("POST", "respondents", [person])
    told = {
        "revenue": [
            {"customer_id": "C1", "month": "2026-01", "mrr": 10.5, "currency": "JPY"},
            {"customer_id": "C1", "month": "2026-02", "mrr": 7, "product": "core", "quantity": 3},
            {"customer_id": "C2", "month": "2026-01", "mrr": 1},
        ],
        "usage": [
            {**USAGE, "value": 2.25},
            {**USAGE, "day": "2026-01-06"},
            {**USAGE, "customer_id": "C2"},
            {**USAGE, "day": "2026-01-07", "email": "aya@x.example"},
        ],
        "events": [
            {"customer_id": "C1", "kind": "trained", "at": "2026-01-05T10:00:00Z", "ref": "1"},
            {"customer_id": "C2", "kind": "purchase", "at": "2026-02-05T10:00:00Z", "value": 5},
            {"customer_id": "C1", "kind": "trained", "at": "2026-03-05T10:00:00Z", "note": "n",
             "email": "aya@x.example"},
        ],
    }  # fmt: skip

    def every(path: str, **filters: str) -> list[dict]:
        seen, at = [], ""
        while at is not None:
            found = rest.get(f"{path}?{urlencode({'limit': 2, 'cursor': at, **filters})}")
            seen += found["data"]
            at = found["next"]
        return [{k: v for k, v in row.items() if v is not None and k != "id"} for row in seen]

    for path, rows in told.items():
        rest.send("POST", path, rows)
        assert sorted(every(path), key=str) == sorted(rows, key=str)
        assert {row["customer_id"] for row in every(path, customer_id="C2")} == {"C2"}
        # What was read changes nothing when it is told again.
        assert rest.send("POST", path, every(path))["unchanged"] == len(rows)
    assert len(every("revenue", **{"from": "2026-01-20", "to": "2026-01-31"})) == 2
    assert len(every("usage", measure="logins", to="2026-01-05")) == 2
    assert [each["kind"] for each in every("events", since="2026-02-01T00:00:00Z")] == [
        "purchase", "trained",
    ]  # fmt: skip
    assert len(every("events", kind="trained", until="2026-02-01T00:00:00Z")) == 1
    tag = rest("GET", "usage")["ETag"]
    assert rest("GET", "usage", HTTP_IF_NONE_MATCH=tag).status_code == 304
    Rest(role="viewer").get("usage", status=403)
