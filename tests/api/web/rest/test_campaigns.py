from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Dimension
from surveys.models import Campaign
from tests.api.calling import Rest
from tests.world import make_customer, make_respondent

pytestmark = pytest.mark.django_db
WHOLE: dict[str, Any] = {
    "name": "Spring",
    "product_name": "Koe",
    "audience": {"plan": ["pro"]},
    "ranges": {"renews_on": {"from": "2026-01-01", "to": "2026-12-31"}},
    "languages": ["en"],
    "starts_at": "2027-01-04T00:00:00Z",
    "send_from": "09:00",
    "send_until": "17:30",
    "weekdays": [0, 1],
    "holidays_of": "JP",
    "per_hour": 100,
    "minimum_gap_days": 30,
    "reminder_after_days": 7,
    "wording": {"en": {"subject": "How was it?", "intro": "A word, please."}},
    "questions": [{"key": "q1", "kind": "csat", "label": {"ja": "満足度", "en": "How content?"}}],
    "repeat": "date",
    "date_name": "renews_on",
    "date_days": -30,
    "latest_days": 5,
    "reserves_slot": True,
}


def world() -> None:
    Dimension.objects.create(name="plan", source="customer", attribute="plan")
    make_respondent(customer=make_customer(attributes={"plan": "pro"}, renews_on="2026-06-01"))


def read(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in WHOLE}


def test_all_that_the_editor_has_is_written_read_and_changed() -> None:
    world()
    rest = Rest()
    made = rest.send("POST", "campaigns", {**WHOLE, "slug": "spring"}, status=201)
    wanted = {**WHOLE, "send_from": "09:00:00", "send_until": "17:30:00"}
    wanted["wording"] = {"ja": {}, **WHOLE["wording"]}
    assert read(made) == wanted

    changed = rest.send("PATCH", "campaigns/spring", {"per_hour": None, "ranges": {}})
    assert read(changed) == {**wanted, "per_hour": None, "ranges": {}}
    changed = rest.send("PATCH", "campaigns/spring", {"name": "Summer", "audience": {}})
    assert (changed["name"], changed["audience"], changed["slug"]) == ("Summer", {}, "spring")
    assert Campaign.objects.get().version == 3
    Campaign.objects.update(state="running")
    refused = rest.send("PATCH", "campaigns/spring", {"per_hour": 5}, status=409)
    assert refused["errors"][0]["field"] == "state"


def test_no_sign_that_a_database_refuses_is_kept() -> None:
    world()
    label = {"ja": "満\x00足度", "en": "How \ud800content?"}
    wanted = {**WHOLE, "questions": [{"key": "q1", "kind": "csat", "label": label}]}
    made = Rest().send("POST", "campaigns", wanted, status=201)
    assert made["questions"][0]["label"] == {"ja": "満足度", "en": "How content?"}


@pytest.mark.parametrize(
    ("wanted", "status", "field"),
    [
        ({"ends_at": "2027-01-03T00:00:00Z"}, 409, "ends_at"),
        ({"send_until": "08:00"}, 409, "send_until"),
        ({"ranges": {"renews_on": {"from": "2026-02-01", "to": "2026-01-01"}}}, 409,
         "ranges.renews_on.to"),
        ({"ranges": {"renews_on": {"from": "soon"}}}, 409, "ranges.renews_on.from"),
        ({"ranges": {"nothing": {"from": "1"}}}, 404, "ranges"),
        ({"wording": {"en": {"intro": "Dear {nobody}"}}}, 409, "wording.en.intro"),
        ({"wording": {"en": {"nothing": "x"}}}, 422, None),
        ({"questions": [{"key": "q1"}]}, 409, "questions"),
        ({"repeat": "every"}, 409, "every_months"),
        ({"date_name": "someday"}, 409, "date_name"),
        ({"name": ""}, 422, "name"),
    ],
)  # fmt: skip
def test_what_the_editor_would_refuse_is_refused(
    wanted: dict[str, Any], status: int, field: str | None
) -> None:
    world()
    rest = Rest()
    rest.send("POST", "campaigns", {**WHOLE, "slug": "spring"}, status=201)
    found = rest.send("PATCH", "campaigns/spring", wanted, status=status)
    assert field is None or found["errors"][0]["field"] == field
    assert Campaign.objects.get().version == 1
