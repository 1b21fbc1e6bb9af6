"""Webhooks as Delighted sent them: envelope, signature, and the key that signs."""

from __future__ import annotations

import hashlib
import hmac
import json
import re

import pytest
from django.utils import timezone

from actions.domain.deliveries.states import Kind
from actions.models import Delivery
from api.models import ApiKey, Member
from api.services.answers import Answered, add_answer
from surveys.models import Response
from tests.actions.alerting import tick
from tests.api.calling import Caller
from tests.api.hooks import Posts, make_webhook

pytestmark = pytest.mark.django_db


def test_answers_and_opt_outs_leave_in_its_envelope_signed_with_the_key(posts: Posts) -> None:
    caller = Caller()
    make_webhook(kind=Kind.DELIGHTED, project=caller.project)
    person = caller.post("people", {"email": "a@x.example", "name": "Aoi", "send": False})
    made = caller.post("survey_responses", {"person": person["id"], "score": 9})
    changed = caller.put(f"survey_responses/{made['id']}", {"score": 3, "comment": "Slow"})
    caller.post("unsubscribes", {"person_email": "a@x.example"})

    assert tick(timezone.now()) == 3

    first, second, third = (body for _, body in posts)
    assert [body["event_type"] for _, body in posts] == [
        "survey_response.created", "survey_response.updated", "unsubscribe.created",
    ]  # fmt: skip
    assert all(re.fullmatch("[0-9a-f]{64}", body["event_id"]) for _, body in posts)
    assert len({body["event_id"] for _, body in posts}) == 3
    [listed] = caller.get("survey_responses?expand[]=person")
    kept = {"id", "email", "name", "created_at", "phone_number"}
    listed["person"] = {name: listed["person"][name] for name in kept}
    told = dict(second["event_data"])
    told["permalink"] = listed["permalink"] = told["permalink"].rpartition("/")[2]
    assert told == listed
    assert (told["score"], told["comment"], changed["score"]) == (3, "Slow", 3)
    assert first["event_data"]["person"]["name"] == "Aoi"
    gone = third["event_data"]
    [unsubscribed] = caller.get("unsubscribes")
    assert gone == unsubscribed

    for headers, body in posts:
        raw = json.dumps(body, ensure_ascii=False).encode()
        digest = hmac.new(caller.text.encode(), raw, hashlib.sha256).hexdigest()
        assert headers["X-Delighted-Webhook-Signature"] == f"sha256={digest}"


def test_until_the_key_is_used_nothing_leaves_and_then_all_of_it_does(posts: Posts) -> None:
    caller, other = Caller(), Caller("other")
    person = caller.post("people", {"email": "a@x.example", "send": False})["id"]
    subscription = make_webhook(kind=Kind.DELIGHTED, project=caller.project)
    member = Member.objects.get()
    assert member.shown_id == person
    now = timezone.now()
    add_answer(member, Answered(9, "", {}, now), now=now)
    other.get("people")

    assert tick(now) == 0
    [row] = Delivery.objects.all()
    assert (row.state, row.error, posts) == ("waiting", "unsigned", [])
    assert ApiKey.objects.get(is_awaited=True) == caller.key

    caller.get("people")

    assert tick(timezone.now()) == 1
    subscription.channel.refresh_from_db()
    assert caller.text not in subscription.channel.sealed_secret
    assert not ApiKey.objects.filter(is_awaited=True).exists()


def test_a_second_webhook_of_the_key_signs_at_once() -> None:
    caller = Caller()
    first = make_webhook(kind=Kind.DELIGHTED, project=caller.project)
    caller.get("people")
    second = make_webhook(kind=Kind.DELIGHTED, project=caller.project)

    first.channel.refresh_from_db()
    assert first.channel.sealed_secret
    assert second.channel.sealed_secret == first.channel.sealed_secret


def test_who_was_deleted_is_told_of_no_more(posts: Posts) -> None:
    caller = Caller()
    make_webhook(kind=Kind.DELIGHTED, project=caller.project)
    person = caller.post("people", {"email": "a@x.example", "send": False})["id"]
    caller.post("survey_responses", {"person": person, "score": 9, "comment": "Secret"})
    caller.delete(f"people/{person}")

    tick(timezone.now())

    assert "Secret" not in str(posts)
    assert "a@x.example" not in str(posts)


@pytest.mark.parametrize("kind", [Kind.DELIGHTED, Kind.WEBHOOK])
def test_what_waits_is_not_told_to_a_project_that_it_is_not_of(posts: Posts, kind: Kind) -> None:
    caller, other = Caller(), Caller("other")
    subscription = make_webhook(kind=kind, project=caller.project)
    person = caller.post("people", {"email": "a@x.example", "send": False})
    caller.post("survey_responses", {"person": person["id"], "score": 9})
    caller.post("unsubscribes", {"person_email": "a@x.example"})
    assert Delivery.objects.count() == 2

    type(subscription).objects.update(project=other.project)
    assert tick(timezone.now()) == 0
    assert (posts, Delivery.objects.count()) == ([], 0)


def test_where_no_words_are_wanted_neither_comment_nor_note_leaves(posts: Posts) -> None:
    caller = Caller()
    make_webhook(kind=Kind.DELIGHTED, project=caller.project, with_comments=False)
    person = caller.post("people", {"email": "a@x.example", "send": False})["id"]
    caller.post("survey_responses", {"person": person, "score": 9, "comment": "Secret"})
    Response.objects.update(note="Secret too")

    assert tick(timezone.now()) == 1
    [(_, body)] = posts
    assert (body["event_data"]["score"], "Secret" in str(body)) == (9, False)
