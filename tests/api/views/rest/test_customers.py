from __future__ import annotations

import pytest

from accounts.models import AuditEvent, Customer, Dimension
from tests.api.calling import Rest
from tests.world import make_respondent

pytestmark = pytest.mark.django_db
C1 = {
    "customer_id": "C1",
    "name": "株式会社青空",
    "started_on": "2024-04-01",
    "seats": 5,
    "attributes": {"plan": "pro", "users": 3, "trial": False},
}


def test_customers_come_in_and_are_read_as_they_are() -> None:
    rest = Rest()

    found = rest.send("POST", "customers", [C1, {"customer_id": "='C2'"}])
    assert (found["received"], found["created"], found["errors"]) == (2, 2, [])
    shown = rest.get("customers/C1")
    assert shown["attributes"] == {
        "plan": "pro", "users": "3", "trial": "false", "seats": "5",
    }  # fmt: skip
    assert (shown["name"], shown["started_on"], shown["churned_on"]) == (
        "株式会社青空", "2024-04-01", None,
    )  # fmt: skip
    assert rest.get("customers/='C2'")["name"] == ""
    assert {"plan", "trial", "tenure"} <= set(Dimension.objects.values_list("name", flat=True))
    again = rest.send("POST", "customers", [C1])
    assert (again["unchanged"], again["updated"]) == (1, 0)
    assert AuditEvent.objects.filter(action="import.customers").count() == 1


def test_what_is_left_out_stays_and_null_empties() -> None:
    rest = Rest()
    rest.send("POST", "customers", [C1])

    shown = rest.send("PUT", "customers/C1", {"name": "A", "attributes": {"plan": None}})
    assert (shown["name"], shown["seats"]) == ("A", 5)
    assert "plan" not in shown["attributes"]
    # Rows with names of their own are each what they say.
    rest.send("POST", "customers", [{"customer_id": "C1", "seats": None}, {"customer_id": "C3"}])
    shown = rest.get("customers/C1")
    assert (shown["name"], shown["seats"]) == ("A", None)


def test_all_go_in_or_none_and_the_errors_name_row_field_and_fix() -> None:
    rest, rows = Rest(), [C1, {"customer_id": "C2", "owner_email": "zz@"}, {"customer_id": "Total"}]

    found = rest.send("POST", "customers", rows, status=409)
    assert [(each["row"], each["field"]) for each in found["errors"]] == [
        (2, "owner_email"), (3, "customer_id"),
    ]  # fmt: skip
    assert all(each["fix"] for each in found["errors"])
    assert not Customer.objects.exists()
    found = rest.send("POST", "customers?skip_bad_rows=true", rows)
    assert (found["created"], found["refused"], len(found["errors"])) == (1, 2, 2)


def test_a_list_goes_on_where_it_ended() -> None:
    for number in range(5):
        Customer.objects.create(customer_id=f"C{number}")
    rest, seen, path = Rest(), [], "customers?limit=2"

    while path:
        found = rest.get(path)
        seen += [each["customer_id"] for each in found["data"]]
        path = f"customers?limit=2&cursor={found['next']}" if found["next"] else ""
    assert seen == [f"C{number}" for number in range(5)]
    rest.get("customers?cursor=nonsense", status=404)
    rest.get("customers?limit=201", status=422)
    assert rest.get("customers?updated_since=2999-01-01T00:00:00Z")["data"] == []
    assert len(rest.get("customers?updated_since=2020-01-01T00:00:00Z")["data"]) == 5


def test_ids_may_hold_any_sign() -> None:
    rest = Rest()

    assert rest.send("PUT", "customers/a%2Fb", {"name": "A"})["customer_id"] == "a/b"
    assert rest.get("customers/a%2Fb")["name"] == "A"
    rest.get("customers/%00", status=404)


def test_respondents_are_known_by_address_and_customer() -> None:
    Customer.objects.create(customer_id="C1")
    rest, row = Rest(), {"email": "hanako@x.example", "customer_id": "C1", "role": "admin"}

    rest.send("POST", "respondents", [row])
    [shown] = rest.get("respondents?email=HANAKO%2Bx@x.example")["data"]
    assert (shown["customer_id"], shown["role"], shown["email"]) == ("C1", "admin", row["email"])
    assert rest.get(f"respondents/{shown['id']}") == shown
    assert rest.get("respondents?customer_id=C2")["data"] == []
    rest.get("respondents/999999", status=404)
    found = rest.send("POST", "respondents", [{**row, "customer_id": "C9"}], status=409)
    assert found["errors"][0]["field"] == "customer_id"


def test_who_was_erased_is_not_shown() -> None:
    make_respondent(email="")

    assert Rest().get("respondents")["data"] == []
