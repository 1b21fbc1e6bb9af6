from __future__ import annotations

import datetime as dt

import pytest

from api.web.rest.cursors import LATE
from surveys.models import Response
from tests.accounts.importing import Files
from tests.api.calling import Rest
from tests.surveys.helpers.answer_files import RESPONSES
from tests.world import DAY, NOW, answer, make_customer, make_respondent, send

pytestmark = pytest.mark.django_db


def answered(score: int, *, days: int = 0) -> Response:
    respondent = make_respondent(customer=make_customer(), name="Hanako")
    return answer(send(respondent, now=NOW), score, at=NOW + days * DAY, comment="Slow.")


def test_answers_come_by_when_they_changed_and_are_never_missed() -> None:
    rows = [answered(score, days=days) for score, days in ((9, 2), (3, 1), (7, 1))]
    set_aside = answered(0)
    Response.objects.filter(pk=set_aside.pk).update(suspect=True)
    rest = Rest()

    first = rest.get("responses?limit=2")
    assert [each["score"] for each in first["data"]] == [3, 7]
    last = rest.get(f"responses?limit=2&cursor={first['next']}")
    assert ([each["score"] for each in last["data"]], last["next"]) == ([9], None)
    since = last["data"][0]["changed_at"].replace("+", "%2B")
    assert len(rest.get(f"responses?since={since}")["data"]) == 1
    shown = rest.get(f"responses/{rows[0].pk}")
    assert (shown["category"], shown["comment"], shown["tags"]) == ("promoter", "Slow.", [])
    assert rest.get(f"responses?customer_id={shown['customer_id']}")["data"] == [shown]
    assert rest.get(f"responses?campaign={shown['campaign']}")["data"]
    assert rest.get("responses?campaign=nothing")["data"] == []
    rest.get(f"responses/{set_aside.pk}", status=404)
    rest.get("responses?cursor=MQ", status=404)


def test_a_change_that_was_committed_after_a_later_one_is_not_missed() -> None:
    """Its moment was taken before its transaction began, and that of another was faster."""
    late, later = answered(3), answered(9)
    Response.objects.filter(pk=late.pk).update(changed_at=NOW - dt.timedelta(seconds=40))
    Response.objects.filter(pk=later.pk).update(changed_at=NOW)

    since = NOW.isoformat().replace("+", "%2B")
    found = Rest().get(f"responses?since={since}")["data"]
    assert [each["score"] for each in found] == [3, 9]
    Response.objects.filter(pk=late.pk).update(changed_at=NOW - 2 * LATE)
    assert [each["score"] for each in Rest().get(f"responses?since={since}")["data"]] == [9]


def test_what_a_file_brings_came_when_it_was_brought(files: Files) -> None:
    given = [["email", "score", "answered_at"], ["a@x.example", 9, "2020-01-01T00:00:00Z"]]
    files.bring_in(RESPONSES, given, now=NOW)

    since = NOW.isoformat().replace("+", "%2B")
    [found] = Rest().get(f"responses?since={since}")["data"]
    assert found["answered_at"].startswith("2020-01-01")


def test_a_viewers_key_sees_no_people() -> None:
    row = answered(9)

    seen, hidden = (Rest(role=role).get(f"responses/{row.pk}") for role in ("cs", "viewer"))
    assert (seen["name"], seen["email"]) == ("Hanako", row.invitation.respondent.email)
    assert (hidden["name"], hidden["email"], hidden["respondent_id"]) == (None, None, None)
    assert hidden["comment"] == "Slow."
    assert row.invitation.respondent.email not in str(Rest(role="viewer").get("responses"))
