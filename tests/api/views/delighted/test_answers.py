from __future__ import annotations

import pytest

from api.models import Ask
from surveys.models import Invitation, Response, ResponseChange, Slot
from tests.api.calling import Caller
from tests.staffing import client_as
from tests.world import DAY, NOW, SECOND, answer, make_customer

pytestmark = pytest.mark.django_db
KEYS = {
    "id", "person", "survey_type", "score", "comment", "permalink", "created_at", "updated_at",
    "person_properties", "notes", "tags", "additional_answers",
}  # fmt: skip
FIRST = int(NOW.timestamp())


@pytest.fixture(autouse=True)
def _now(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)


def member(caller: Caller, email: str = "a@x.example") -> str:
    return caller.post("people", {"email": email, "send": False})["id"]


def give(caller: Caller, person: str, score: int = 9, **fields: object) -> dict:
    return caller.post("survey_responses", {"person": person, "score": score, **fields})


def test_an_answer_counts_and_takes_nobodys_slot() -> None:
    caller = Caller()
    customer = make_customer()
    made = give(
        caller,
        member(caller),
        2,
        comment="Slow",
        person_properties={"customer_id": customer.customer_id},
    )

    assert made.keys() == KEYS
    assert (made["survey_type"], made["created_at"], made["updated_at"]) == ("nps", FIRST, FIRST)
    assert (made["notes"], made["tags"], made["additional_answers"]) == ([], [], [])
    response = Response.objects.get()
    assert (response.score, response.comment) == (2, "Slow")
    assert response.invitation.respondent.customer == customer
    assert not Slot.objects.filter(free_at__gt=NOW).exists()
    assert caller.post("people", {"email": "a@x.example"})["survey_scheduled_at"]


def test_an_answer_to_an_ask_is_the_projects() -> None:
    caller = Caller()
    asked = caller.post("people", {"email": "a@x.example", "properties": {"plan": "pro"}})
    invitation = Invitation.objects.get()
    Invitation.objects.update(state="sent", sent_at=NOW, claimed_at=NOW)
    answer(invitation, 10, at=NOW + SECOND, comment="Good")

    [listed] = caller.get("survey_responses")
    assert (listed["person"], listed["score"], listed["comment"]) == (asked["id"], 10, "Good")
    assert listed["person_properties"] == {"plan": "pro"}
    [person] = caller.get("people")
    assert (person["last_sent_at"], person["last_responded_at"]) == (FIRST, FIRST + 1)
    assert person["next_survey_scheduled_at"] is None
    assert Caller("app").get("survey_responses") == []


@pytest.mark.parametrize("expand", ["expand[]=person", "expand=person", "expand%5B%5D=person"])
def test_the_person_is_expanded_however_it_is_spelled(expand: str) -> None:
    caller = Caller()
    made = give(caller, member(caller))

    read = caller.get(f"survey_responses/{made['id']}.json?{expand}&expand[]=notes")

    assert read["person"]["email"] == "a@x.example"
    assert caller.get(f"survey_responses?{expand}")[0]["person"] == read["person"]


def test_the_whole_record_comes_back_and_what_can_change_does(time_machine) -> None:
    caller = Caller()
    first, second = member(caller), member(caller, "b@x.example")
    made = give(caller, first, 9, person_properties={"a": "1", "b": "2"})
    before = Response.objects.get()
    time_machine.move_to(NOW + DAY, tick=False)
    read = caller.get(f"survey_responses/{made['id']}?expand[]=person")

    read |= {"score": 3, "comment": "Worse", "person_properties": {"a": "3"}, "tags": ["x, y", "z"]}
    read |= {"created_at": 1, "permalink": "x", "survey_type": "csat", "unknown": {}}
    changed = caller.put(f"survey_responses/{made['id']}", {**read, "expand": ["person"]})

    assert (changed["score"], changed["comment"]) == (3, "Worse")
    assert changed["person_properties"] == {"a": "3"}
    assert changed["tags"] == ["x  y", "z"]
    assert changed["person"]["id"] == first
    assert (changed["created_at"], changed["updated_at"]) == (FIRST, FIRST + 86400)
    assert [(each.score_before, each.score_after) for each in ResponseChange.objects.all()] == [
        (None, 9),
        (9, 3),
    ]
    # As Node's client saves: without id in the path.
    moved = caller.put("survey_responses", {"id": made["id"], "person": second})
    assert (moved["person"], moved["score"]) == (second, 3)
    assert [each["id"] for each in caller.get(f"survey_responses?person_id={second}")] == [
        made["id"]
    ]
    assert Response.objects.get().invitation.person == before.invitation.person


def test_lists_are_cut_and_ordered(time_machine) -> None:
    caller = Caller()
    person = member(caller)
    ids = [give(caller, person, n, created_at=FIRST - 10 + n)["id"] for n in range(3)]
    time_machine.move_to(NOW + DAY, tick=False)
    caller.put(f"survey_responses/{ids[0]}", {"score": 10})

    def listed(query: str) -> list[str]:
        return [each["id"] for each in caller.get(f"survey_responses.json?{query}")]

    assert listed("") == listed("order=asc") == listed("person_email=A@x.example") == ids
    assert listed("order=desc") == ids[::-1]
    assert listed("order=asc:updated_at") == [ids[1], ids[2], ids[0]]
    assert listed(f"since={FIRST - 9}&until={FIRST - 9}") == [ids[1]]
    assert listed(f"updated_since={FIRST + 1}") == [ids[0]]
    assert listed(f"updated_until={FIRST + 1}") == ids[1:]
    assert listed("per_page=2") + listed("per_page=2&page=2") == ids
    assert listed("per_page=2&page=3") == listed("page=999999999999999") == []
    assert listed("person_email=b@x.example") == listed("person_id=7") == []
    assert len(listed("per_page=1000&trend=5&page=0")) == 3


def test_metrics_are_of_thirty_days_back_from_the_newest() -> None:
    caller = Caller()
    person = member(caller)
    for score, days in ((10, 0), (0, 29), (0, 31)):
        give(caller, person, score, created_at=FIRST - days * 86400)

    assert (caller.get("metrics")["nps"], caller.get("metrics")["response_count"]) == (0, 2)
    assert caller.get("metrics.json?since=0")["response_count"] == 3
    assert caller.get(f"metrics?since={FIRST}&groups[]=email")["nps"] == 100
    assert Caller("app").get("metrics") == {
        "nps": 0, "promoter_count": 0, "promoter_percent": 0, "passive_count": 0,
        "passive_percent": 0, "detractor_count": 0, "detractor_percent": 0, "response_count": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"score": 9}, "person"),
        ({"score": 9, "person": "7"}, "person"),
        ({"score": 9, "person": []}, "person"),
        ({"person": "mine"}, "score"),
        ({"person": "mine", "score": 11}, "score"),
        ({"person": "mine", "score": 9, "comment": "x" * 5001}, "comment"),
        ({"person": "mine", "score": 9, "created_at": FIRST + 9}, "created_at"),
        ({"person": "mine", "score": 9, "person_properties": "x"}, "person_properties"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(body: dict, field: str) -> None:
    caller = Caller()
    mine = member(caller)
    given = body | ({"person": mine} if body.get("person") == "mine" else {})

    assert list(caller.post("survey_responses", given, 422)["errors"]) == [field]
    assert not Response.objects.exists()


def test_a_project_neither_reads_nor_changes_an_answer_of_another() -> None:
    mine, theirs = Caller("web"), Caller("app")
    person = member(theirs)
    made = give(theirs, person)
    own = give(mine, member(mine))

    assert mine("GET", f"survey_responses/{made['id']}").status_code == 404
    assert mine("PUT", f"survey_responses/{made['id']}", {"score": 0}).status_code == 404
    assert mine("PUT", "survey_responses", {"id": made["id"], "score": 0}).status_code == 404
    assert mine.get(f"survey_responses?person_id={person}") == []
    mine.post("survey_responses", {"person": person, "score": 0}, 422)
    mine.put(f"survey_responses/{own['id']}", {"person": person}, 422)
    assert mine.get("metrics")["response_count"] == 1
    assert theirs.get(f"survey_responses/{made['id']}")["score"] == 9


def test_a_viewers_key_reads_answers_without_addresses() -> None:
    caller, viewer = Caller("web"), Caller("web", role="viewer")
    made = give(caller, member(caller))

    [listed] = viewer.get("survey_responses?expand[]=person")
    assert listed["person"]["email"] is listed["person"]["name"] is None
    assert viewer.get("metrics")["response_count"] == 1
    assert viewer("GET", "survey_responses?person_email=a@x.example").status_code == 422
    for method, path in (
        ("GET", "people"),
        ("POST", "people"),
        ("DELETE", "people/email:a@x.example"),
        ("GET", "unsubscribes"),
        ("POST", "unsubscribes"),
        ("GET", "bounces"),
        ("POST", "survey_responses"),
        ("PUT", f"survey_responses/{made['id']}"),
    ):
        assert viewer(method, path, {"email": "b@x.example"}).status_code == 403, path
    assert Ask.objects.count() == 1


def test_a_permalink_leads_who_may_see_answers_to_its_page() -> None:
    caller = Caller()
    made = give(caller, member(caller))
    address = made["permalink"].removeprefix("http://testserver")

    assert len(address.rpartition("/")[2]) == 32
    page = client_as("viewer").get(address, follow=True)
    assert page.redirect_chain[-1][0] == f"/responses/{Response.objects.get().pk}/"
    assert client_as("cs").get(address[:-1] + "x").status_code == 404
