from __future__ import annotations

import pytest

from accounts.models import AuditEvent, Dimension, Organisation
from surveys.models import Campaign, Invitation
from surveys.services.campaigns.approval import ask_for_second
from surveys.services.campaigns.plan import plan_campaign
from tests.api.calling import Rest
from tests.staffing import make_staff
from tests.world import NOW, make_customer, make_respondent

pytestmark = pytest.mark.django_db


def test_a_campaign_goes_from_draft_to_its_end() -> None:
    Dimension.objects.create(name="plan", source="customer", attribute="plan")
    make_respondent(customer=make_customer(attributes={"plan": "pro"}))
    make_respondent(customer=make_customer(attributes={"plan": "basic"}))
    rest = Rest()

    wanted = {"name": "Autumn", "slug": "autumn", "audience": {"plan": ["pro"]}, "per_hour": 60}
    made = rest.send("POST", "campaigns", wanted, status=201)
    assert (made["state"], made["audience"], made["invitations"]) == (
        "draft", {"plan": ["pro"]}, {},
    )  # fmt: skip
    run = rest.get("campaigns/autumn/dry-run")
    assert (run["audience"], run["asked"], run["reasons"]) == (1, 1, {"outside_audience": 1})
    assert not Invitation.objects.exists()
    assert rest.send("POST", "campaigns/autumn/launch")["state"] == "running"
    plan_campaign(Campaign.objects.get(), now=Campaign.objects.get().starts_at)
    assert rest.get("campaigns/autumn")["invitations"] == {"queued": 1}
    for act, state in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        assert rest.send("POST", f"campaigns/autumn/{act}")["state"] == state
    assert rest.get("campaigns")["data"][0]["invitations"] == {"cancelled": 1}
    noted = AuditEvent.objects.filter(action="api.write").order_by("pk")
    assert [each.detail["act"] for each in noted] == [
        "create", "launch", "pause", "resume", "cancel",
    ]  # fmt: skip
    assert {each.detail["key"] for each in noted} == {rest.key.shown}


@pytest.mark.parametrize(
    ("wanted", "status", "field"),
    [
        ({"name": "A", "slug": "taken"}, 409, "slug"),
        ({"name": "A", "slug": "new"}, 409, "slug"),
        ({"name": "A", "slug": "No good"}, 422, "slug"),
        ({"name": ""}, 422, "name"),
        ({"name": "A", "audience": {"nothing": ["x"]}}, 404, "audience"),
        ({"name": "A", "starts_at": "tomorrow"}, 422, "starts_at"),
        ({"name": "A", "starts_at": "0001-01-01T00:00:00Z"}, 409, "starts_at"),
        ({"name": "A", "ends_at": "9999-12-31T23:59:59-23:59"}, 409, "ends_at"),
        ({"name": "\x00 \n"}, 409, "name"),
        ({"name": "A", "state": "running"}, 422, "state"),
    ],
)
def test_what_cannot_be_a_campaign_names_the_field(wanted: dict, status: int, field: str) -> None:
    Campaign.objects.create(name="A", slug="taken")

    found = Rest().send("POST", "campaigns", wanted, status=status)
    assert found["errors"][0]["field"] == field
    assert Campaign.objects.count() == 1


def test_a_program_is_nobodys_second() -> None:
    """Where two launch what asks many, a key stands for none of them."""
    Organisation.objects.create(pk=1, approval_above=1)
    for _ in range(2):
        make_respondent()
    campaign = Campaign.objects.create(name="A", slug="a")
    rest = Rest()

    rest.send("POST", "campaigns/a/launch", status=409)
    ask_for_second(campaign, by=make_staff("cs"), now=NOW)
    refused = rest.send("POST", "campaigns/a/launch", status=409)
    assert "two people" in refused["detail"]
    assert Campaign.objects.get().state == "draft"


def test_a_move_that_is_not_possible_says_so() -> None:
    Campaign.objects.create(name="A", slug="a", starts_at=NOW)
    rest = Rest()

    found = rest.send("POST", "campaigns/a/pause", status=409)
    assert found["errors"][0]["field"] == "state"
    rest.send("POST", "campaigns/nothing/launch", status=404)
    rest.get("campaigns/nothing/dry-run", status=404)
    assert not AuditEvent.objects.filter(action="api.write").exists()
