from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Customer
from actions.models import FollowUp, FollowUpEntry
from tests.api.calling import Rest
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def rest() -> Rest:
    Customer.objects.create(customer_id="C1")
    return Rest(name="CRM")


def opened(rest: Rest, **more: str) -> dict:
    wanted = {"customer_id": "C1", "text": "Call them.", **more}
    return rest.send("POST", "follow-ups", wanted, status=201)


def test_a_program_opens_and_closes_one_and_the_history_says_that_it_was_one(rest: Rest) -> None:
    make_staff("cs", "sam@koe.example")
    found = opened(rest, owner="SAM@koe.example")
    path, until = f"follow-ups/{found['id']}", timezone.localdate() + dt.timedelta(days=3)

    changes: list[dict] = [
        {"comment": "Called.", "contacted": True},
        {"state": "waiting", "until": until.isoformat(), "reason": "Away."},
        {"state": "working"},
        {"owner": "sam@koe.example"},
        {"state": "closed", "root_cause": "price", "outcome": "Discount."},
        {"state": "working", "reason": "Again."},
        {"state": "closed", "dismissed": "solved", "note": "Done."},
    ]
    for version, change in enumerate(changes, start=1):
        shown = rest.send("PATCH", path, {"version": version, **change})
        assert shown["version"] == version + 1
    assert (shown["state"], shown["closed_as"], shown["owner"]) == (
        "closed", "dismissed", "sam@koe.example",
    )  # fmt: skip
    assert rest.get(path) == shown
    entries = FollowUpEntry.objects.order_by("pk")
    assert {(each.by, each.detail["program"]) for each in entries} == {(None, "CRM")}
    assert len(entries) == len(changes) + 1


def test_what_somebody_changed_meanwhile_is_not_written_over(rest: Rest) -> None:
    found = opened(rest)
    FollowUp.objects.update(version=5)

    change = {"version": 1, "comment": "Called."}
    refused = rest.send("PATCH", f"follow-ups/{found['id']}", change, status=409)
    assert refused["errors"][0]["field"] == "version"
    assert FollowUpEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"owner": "nobody@koe.example"}, 404, "owner"),
        ({"state": "closed", "root_cause": "nothing", "outcome": "x"}, 409, "root_cause"),
        ({"state": "waiting", "until": "2020-01-01", "reason": "x"}, 409, "until"),
        ({"state": "waiting", "until": "2020-01-01"}, 422, "reason"),
        ({"state": "gone"}, 422, "state"),
        ({"comment": ""}, 422, "comment"),
    ],
)
def test_what_cannot_be_done_names_the_field(
    rest: Rest, change: dict, status: int, field: str
) -> None:
    found = opened(rest)

    path = f"follow-ups/{found['id']}"
    refused = rest.send("PATCH", path, {"version": 1, **change}, status=status)
    assert refused["errors"][0]["field"] == field


def test_the_list_is_narrowed(rest: Rest) -> None:
    make_staff("cs", "sam@koe.example")
    Customer.objects.create(customer_id="C3")
    opened(rest)
    found = opened(rest)  # Joins the one that is open.
    other = opened(rest, customer_id="C3", owner="sam@koe.example")

    assert rest.get("follow-ups")["data"] == [found, other]
    assert rest.get("follow-ups?state=open&customer_id=C1")["data"] == [found]
    assert rest.get("follow-ups?state=closed")["data"] == []
    assert rest.get("follow-ups?owner=SAM@koe.example")["data"] == [other]
    rest.get("follow-ups?state=gone", status=422)
    rest.get("follow-ups/999999", status=404)
    rest.send("POST", "follow-ups", {"customer_id": "C2", "text": "x"}, status=404)
