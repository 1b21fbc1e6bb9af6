from __future__ import annotations

import pytest

from api.models import Member, Membership
from tests.api.calling import Caller

pytestmark = pytest.mark.django_db
FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
LONG_INTRO = {"delighted_intro_message": "x" * 1501}
EMAIL = "autopilot/email/memberships"


def test_somebody_comes_in_and_goes_by_every_form_of_a_request() -> None:
    caller = Caller()
    made = caller.post(EMAIL, {"person_email": "a@x.example", "properties": {"a": "1"}})
    caller.post(EMAIL, {"person_id": made["person"]["id"], "properties": {"b": "2"}})

    [listed] = caller.get(f"{EMAIL}.json?person_email=a@x.example")
    assert listed.keys() == {"created_at", "updated_at", "person", "next_survey_request"}
    assert listed["person"]["id"] == made["person"]["id"]
    assert listed["next_survey_request"]["properties"] == {"b": "2"}
    assert listed["next_survey_request"]["survey_scheduled_at"] > listed["created_at"] - 86400

    requests = [
        (EMAIL, '{"person_email": "a@x.example"}', {}),
        (EMAIL, "person_email=a%40x.example", FORM),
        (f"{EMAIL}?person_id={made['person']['id']}", "", {}),
    ]
    for path, body, headers in requests:
        answer = caller("DELETE", path, body, **headers)
        assert (answer.status_code, answer.json()["person"]["email"]) == (202, "a@x.example")
        assert caller("DELETE", path, body, **headers).status_code == 404
        caller.post(EMAIL, {"person_email": "a@x.example"})
    caller.delete("people/email:a@x.example")
    assert not Membership.objects.exists()


def test_the_configuration_says_what_is_done() -> None:
    caller = Caller()
    email, sms = caller.get("autopilot/email"), caller.get("autopilot/sms.json")

    assert (email["platform_id"], email["active"], sms["active"]) == ("email", True, False)
    assert email.keys() == {"platform_id", "active", "frequency", "created_at", "updated_at"}
    assert caller("GET", "autopilot/fax").status_code == 404


def test_lists_are_paged_and_of_one_project_and_platform() -> None:
    mine, theirs = Caller("web"), Caller("app")
    for name in "abc":
        mine.post(EMAIL, {"person_email": f"{name}@x.example", "person_name": name.upper()})
    mine.post("autopilot/sms/memberships", {"person_phone_number": "+15551234567"})

    answer = mine("GET", f"{EMAIL}?per_page=2")
    assert [each["person"]["name"] for each in answer.json()] == ["A", "B"]
    rest = mine.get(answer["Link"].partition("/v1/")[2].partition(">")[0])
    assert [each["person"]["name"] for each in rest] == ["C"]
    [phoned] = mine.get("autopilot/sms/memberships?person_phone_number=+15551234567")
    assert phoned["next_survey_request"]["survey_scheduled_at"] is None
    assert mine.get(f"{EMAIL}?person_email=d@x.example") == theirs.get(EMAIL) == []
    assert theirs("DELETE", EMAIL, {"person_email": "a@x.example"}).status_code == 404
    viewer = Caller("web", role="viewer")
    assert viewer("GET", EMAIL).status_code == viewer("POST", EMAIL).status_code == 403


@pytest.mark.parametrize(
    ("platform", "body", "field"),
    [
        ("email", {}, "person_email"),
        ("email", {"person_email": "x"}, "person_email"),
        ("email", {"person_id": "7"}, "person_id"),
        ("email", {"person_phone_number": "+15551234567"}, "person_email"),
        ("sms", {"person_email": "a@x.example"}, "person_phone_number"),
        ("sms", {"person_phone_number": "1"}, "person_phone_number"),
        ("email", {"person_email": "a@x.example", "properties": LONG_INTRO}, "properties"),
    ],
)
def test_what_is_wrong_is_named(platform: str, body: dict[str, str], field: str) -> None:
    refused = Caller().post(f"autopilot/{platform}/memberships", body, 422)

    assert list(refused["errors"]) == [field]
    assert not Member.objects.exists()
