from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import AuditEvent, Person, Respondent
from api.models import Ask, Member
from surveys.models import Invitation, Response
from surveys.services.people.erase import erase_person
from tests.api.calling import Caller
from tests.world import DAY, NOW, make_customer, make_person, make_respondent, person_for, send

pytestmark = pytest.mark.django_db
FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
LONG_INTRO = {"delighted_intro_message": "x" * 1501}


@pytest.fixture(autouse=True)
def _now(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)


def test_a_form_of_php_stores_somebody_without_asking() -> None:
    caller = Caller()
    body = "email=a@x.example&send=false&delay=60&properties[customer_id]=123&properties[vip]=1"

    answer = caller("POST", "people", body, **FORM)

    assert answer.status_code == 201
    assert answer.json() == {
        "id": Member.objects.get().shown_id,
        "email": "a@x.example",
        "name": None,
        "phone_number": None,
        "survey_scheduled_at": None,
        "properties": {"customer_id": "123", "vip": "1"},
    }
    assert not Invitation.objects.exists()


def test_a_third_ask_within_a_year_is_answered_and_not_made(time_machine) -> None:
    """By whichever project, after a deletion, under another spelling, with a delay."""
    web, app = Caller("web"), Caller("app")
    assert web.post("people", {"email": "a@x.example"})["survey_scheduled_at"]
    asked = Respondent.objects.get()
    time_machine.move_to(NOW + 31 * DAY, tick=False)
    assert app.post("people", {"email": "A+b@x.example"})["survey_scheduled_at"]

    time_machine.move_to(NOW + 62 * DAY, tick=False)
    for caller in (web, app):
        for body in ({"email": "a@x.example"}, {"email": "a@x.example", "delay": 86400 * 30}):
            assert caller.post("people", body)["survey_scheduled_at"] is None
    assert Invitation.objects.filter(person=asked.person).count() == 2


def test_a_second_ask_within_the_throttle_is_not_made() -> None:
    caller = Caller()
    made = [caller.post("people", {"email": "a@x.example"}) for _ in range(2)]

    assert [each["survey_scheduled_at"] for each in made] == [int(NOW.timestamp()), None]
    assert made[0]["id"] == made[1]["id"]
    assert Ask.objects.count() == Invitation.objects.count() == 1


def test_a_survey_sent_elsewhere_counts_for_the_throttle() -> None:
    caller = Caller()
    for email, days, asked in (("a@x.example", 1, False), ("b@x.example", 40, True)):
        told = int((NOW - days * DAY).timestamp())
        made = caller.post("people", {"email": email, "last_sent_at": told})
        assert bool(made["survey_scheduled_at"]) is asked
        assert caller.get(f"people?email={email}")[0]["last_sent_at"] == told


def test_a_campaign_of_koe_and_an_opt_out_stand_above_an_ask() -> None:
    caller = Caller()
    assert send(make_respondent(make_person("a@x.example")), now=NOW - DAY)
    caller.post("unsubscribes", {"person_email": "b@x.example"})

    for email in ("a@x.example", "b@x.example"):
        assert caller.post("people", {"email": email})["survey_scheduled_at"] is None
    assert not Ask.objects.exists()


def test_an_ask_names_the_customer_it_is_for() -> None:
    customer = make_customer()
    properties = {"Customer ID": customer.customer_id, "plan": "pro", "locale": "ja"}

    Caller().post("people", {"email": "a@x.example", "name": "Aya", "properties": properties})

    respondent = Respondent.objects.get()
    assert (respondent.customer, respondent.name) == (customer, "Aya")
    assert respondent.attributes == {"Customer ID": customer.customer_id, "plan": "pro"}
    assert Invitation.objects.get().language == "ja"


def test_what_is_pending_is_withdrawn_and_its_slot_given_back() -> None:
    caller = Caller()
    for _ in range(3):
        made = caller.post("people", {"email": "a@x.example", "delay": 3600})
        assert made["survey_scheduled_at"] == int(NOW.timestamp()) + 3600
        [listed] = caller.get("people.json?email=a@x.example")
        assert listed["next_survey_scheduled_at"] == made["survey_scheduled_at"]
        caller.delete("people/a@x.example/survey_requests/pending.json", 200)

    assert not Invitation.objects.exists()
    assert caller.post("people", {"email": "a@x.example"})["survey_scheduled_at"]


def test_a_list_goes_on_by_the_link_and_ends_without_one() -> None:
    caller = Caller()
    for number in range(5):
        caller.post("people", {"email": f"p+{number}@x.example", "send": False})
    path, seen = "people?per_page=2&since=0", []
    while path:
        answer = caller("GET", path)
        seen.append([each["email"] for each in answer.json()])
        link = answer.headers.get("Link", "")
        assert link.count("http") == link.count(";") == link.count('>; rel="next"')
        address = link.partition(">")[0].removeprefix("<")
        # Singer's tap repeats its own parameters.
        path = address.partition("/v1/")[2] and address.partition("/v1/")[2] + "&per_page=2&since=0"

    assert [len(each) for each in seen] == [2, 2, 1]
    listed = [email for page in seen for email in page]
    assert listed == [f"p+{number}@x.example" for number in range(5)]
    assert caller("GET", "people?page_info=x").status_code == 422


def test_somebody_is_found_by_an_address_whose_plus_became_a_space() -> None:
    caller = Caller()
    for email in ("a+b@x.example", "a@x.example"):
        caller.post("people", {"email": email, "phone_number": "", "send": False})
    caller.post("people", {"phone_number": "+15551234567", "channel": "sms"})

    for query in ("email=a+b@x.example", "email=A%2Bb@X.example"):
        assert [each["email"] for each in caller.get(f"people?{query}")] == ["a+b@x.example"]
    for query in ("phone_number=+15551234567", "phone_number=%2B15551234567"):
        [found] = caller.get(f"people?{query}")
        assert (found["email"], found["phone_number"]) == (None, "+15551234567")
    assert caller.get("people?email=c@x.example") == []


def test_both_ends_of_a_span_belong_to_it(time_machine) -> None:
    caller = Caller()
    for late in (0, 1, 2):
        time_machine.move_to(NOW + dt.timedelta(seconds=late, microseconds=900_000), tick=False)
        caller.post("people", {"email": f"p{late}@x.example", "send": False})
    first = int(NOW.timestamp())

    assert len(caller.get(f"people?since={first + 1}&until={first + 1}")) == 1
    assert len(caller.get(f"people?until={first + 1}")) == 2


def test_a_deleted_person_leaves_nothing_behind_but_counts() -> None:
    caller = Caller()
    member = caller.post("people", {"email": "secret@x.example", "name": "Aya"})
    caller.post("survey_responses", {"person": member["id"], "score": 3, "comment": "my words"})
    caller.post("unsubscribes", {"person_email": "secret@x.example"})

    assert caller.delete("people/email%3Asecret%40x.example") == {"ok": True}

    assert [caller.get(path) for path in ("people", "survey_responses", "unsubscribes")] == [[]] * 3
    assert caller.get("metrics")["response_count"] == 0
    tables = (Member, Respondent, Person, Response, Invitation, Ask)
    left = [list(table._default_manager.values()) for table in tables]
    assert "secret" not in str(left)
    assert "words" not in str(left)
    assert Response.objects.get().score == 3
    caller.delete(f"people/{member['id']}", 404)
    assert AuditEvent.objects.get(action="api.person_delete").detail["key"] == caller.key.shown
    # Named anew they are stored, and not asked.
    again = caller.post("people", {"email": "secret@x.example", "name": "Aya"})
    assert (again["id"] != member["id"], again["survey_scheduled_at"]) == (True, None)
    assert [(each.email, each.name) for each in Respondent.objects.all()] == [("", "")]


def test_who_is_known_elsewhere_is_deleted_from_the_project_alone() -> None:
    caller, other = Caller("web"), Caller("app")
    customer = make_respondent(person_for("a@x.example"), name="Aya")
    for each, email in ((caller, "a@x.example"), (caller, "b@x.example"), (other, "b@x.example")):
        each.post("people", {"email": email, "send": False})

    caller.delete("people/email:a@x.example")
    caller.delete("people/email:b@x.example")

    customer.refresh_from_db()
    assert (customer.name, customer.person.erased_at) == ("Aya", None)
    assert caller.get("people") == []
    assert [each["email"] for each in other.get("people")] == ["b@x.example"]


def test_whom_staff_erased_no_program_brings_back() -> None:
    caller = Caller()
    caller.post("people", {"email": "a@x.example", "name": "Aya", "send": False})
    erase_person(person_for("a@x.example"), by=None, now=NOW)

    [left] = caller.get("people")
    assert (left["email"], left["name"]) == (None, None)
    refused = caller.post("people", {"email": "a@x.example"}, 422)
    assert list(refused["errors"]) == ["email"]
    assert "a@x.example" not in str(list(Member.objects.values()))


def test_a_person_is_read_changed_and_moved_to_another_address() -> None:
    caller = Caller()
    made = caller.post("people", {"email": "a@x.example"})
    read = caller.get(f"people/{made['id']}")

    read["name"] = "Aya"
    assert caller.put("people", read)["name"] == "Aya"
    moved = {"email": "a@x.example", "email_update": "b@y.example", "send": False}
    assert caller.post("people", moved)["id"] == made["id"]
    assert caller.get("people?email=a@x.example") == []
    assert Respondent.objects.get().email == "b@y.example"
    # The cap goes with them.
    assert caller.post("people", {"email": "b@y.example"})["survey_scheduled_at"] is None
    caller.post("people", {"email": "c@x.example", "send": False})
    taken = caller.put("people", {"id": made["id"], "email": "c@x.example"}, 422)
    assert list(taken["errors"]) == ["email"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": ""}, "email"),
        ({"email": "x"}, "email"),
        ({"email": {"a": 1}}, "email"),
        ({"email": "a@x.example", "name": "x" * 256}, "name"),
        ({"email": "a@x.example", "delay": -1}, "delay"),
        ({"email": "a@x.example", "delay": "9" * 12}, "delay"),
        ({"email": "a@x.example", "send": "perhaps"}, "send"),
        ({"email": "a@x.example", "properties": {"a": ["b"]}}, "properties"),
        ({"email": "a@x.example", "properties": LONG_INTRO}, "properties"),
        ({"email": "a@x.example", "last_sent_at": "yesterday"}, "last_sent_at"),
        ({"email": "a@x.example", "email_update": "x"}, "email_update"),
        ({"email": "a@x.example", "channel": "fax"}, "channel"),
        ({"email": "a@x.example", "channel": "sms"}, "phone_number"),
        ({"phone_number": "123"}, "phone_number"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(body: dict, field: str) -> None:
    answer = Caller().post("people", body, 422)

    assert (answer["status"], answer["message"]) == (422, "Unprocessable Entity")
    assert list(answer["errors"]) == [field]
    assert not Member.objects.exists()


def test_a_project_does_not_see_what_another_has() -> None:
    mine, theirs = Caller("web"), Caller("app")
    made = theirs.post("people", {"email": "a@x.example", "name": "Aya"})

    assert mine.get("people") == mine.get("people?email=a@x.example") == []
    for method, path in (
        ("GET", f"people/{made['id']}"),
        ("DELETE", f"people/{made['id']}"),
        ("DELETE", "people/email:a@x.example"),
        ("DELETE", "people/a@x.example/survey_requests/pending"),
    ):
        assert mine(method, path).status_code == 404, path
    assert mine("PUT", "people", {"id": made["id"], "name": "x"}).status_code == 404
    assert theirs.get(f"people/{made['id']}")["name"] == "Aya"
    assert mine.post("people", {"email": "a@x.example", "send": False})["id"] != made["id"]
    assert Invitation.objects.count() == 1
