from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from surveys.models import Campaign, Invitation, Slot
from tests.api.calling import Caller, Rest
from tests.world import make_campaign, make_customer, make_person, make_respondent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
EMAIL = "hanako@x.example"


def asked(rest: Rest, status: int = 201, **more: Any) -> Any:
    return rest.send("POST", "invitations", {"email": EMAIL, **more}, status=status)


def test_a_person_is_asked_now_and_no_third_time_within_the_year() -> None:
    make_respondent(make_person(EMAIL), email=EMAIL)
    rest = Rest()
    type(rest.key.project).objects.update(throttle_days=0)

    first = asked(rest, product="Koe", subject="How was it?")
    assert first["state"] == "queued"
    assert rest.get(f"invitations/{first['id']}") == first
    asked(rest)
    refused = asked(rest, status=409)
    assert (refused["reason"], Invitation.objects.count()) == ("capped", 2)
    # Both slots are held by what waits; once it is sent, it is known from when on.
    free = timezone.now() + dt.timedelta(days=100)
    Slot.objects.update(held_by=None, free_at=free)
    refused = asked(rest, status=409)
    assert dt.datetime.fromisoformat(refused["from"]) == free
    assert refused["from"] in refused["errors"][0]["fix"]


def test_who_was_asked_lately_or_opted_out_is_not_asked() -> None:
    respondent = make_respondent(make_person(EMAIL), email=EMAIL)
    rest = Rest()
    asked(rest)

    refused = asked(rest, status=409)
    assert refused["reason"] == "asked_recently"
    assert dt.datetime.fromisoformat(refused["from"]) > timezone.now() + dt.timedelta(days=29)
    suppress(respondent.person, SuppressionReason.OPTED_OUT, now=timezone.now())
    refused = asked(rest, status=409)
    assert (refused["reason"], refused["from"]) == ("opted_out", None)
    assert Invitation.objects.count() == 1


def test_nobody_is_asked_in_the_name_of_the_demo(settings: Any) -> None:
    make_respondent(make_person(EMAIL), email=EMAIL)
    rest = Rest()
    settings.EMBEDDED_INBOX, settings.EMAIL_HOST = False, "mail.example.com"

    assert "would name the demo" in asked(rest, status=409)["detail"]
    Caller().post("people", {"email": EMAIL})
    assert (Invitation.objects.count(), Campaign.objects.count()) == (0, 0)
    settings.EMBEDDED_INBOX = True
    asked(rest)


def test_no_sign_that_a_database_refuses_makes_it_fail() -> None:
    make_respondent(make_person(EMAIL), email=EMAIL)
    rest = Rest()
    for more in ({"email": "a\x00@x.example"}, {"customer_id": "a\x00"}):
        assert asked(rest, status=404, **more)["errors"][0]["field"] == "email"


def test_who_is_meant_must_be_known_and_clear() -> None:
    rest = Rest()
    assert asked(rest, status=404)["errors"][0]["field"] == "email"
    person = make_person(EMAIL)
    customers = [make_customer(), make_customer()]
    for each in customers:
        make_respondent(person, email=EMAIL, customer=each)

    assert asked(rest, status=409)["errors"][0]["field"] == "customer_id"
    found = asked(rest, customer_id=customers[1].customer_id)
    assert Invitation.objects.get().respondent.customer == customers[1]
    assert found["respondent_id"] == Invitation.objects.get().respondent_id
    rest.get("invitations/999999", status=404)


def test_an_ask_has_a_moment_that_is_still_to_come() -> None:
    make_respondent(make_person(EMAIL), email=EMAIL)
    rest, later = Rest(), timezone.now() + dt.timedelta(days=3)

    assert asked(rest, status=409, send_at="2020-01-01T00:00:00Z")["errors"][0]["field"] == (
        "send_at"
    )
    asked(rest, send_at=later.isoformat())
    assert Invitation.objects.get().send_at == later


def test_a_campaign_that_staff_paused_asks_nobody() -> None:
    make_respondent(make_person(EMAIL), email=EMAIL)
    make_respondent(make_person("other@x.example"), email="other@x.example")
    rest = Rest()
    asked(rest)
    Campaign.objects.update(state="paused")

    found = rest.send("POST", "invitations", {"email": "other@x.example"}, status=409)
    assert (found["reason"], found["from"]) == ("paused", None)


def named(slug: str, **fields: Any) -> Campaign:
    found = make_campaign(**fields)
    found.slug = slug
    found.save()
    return found


def test_any_running_campaign_asks_in_its_own_words_within_the_same_cap() -> None:
    make_respondent(make_person(EMAIL), email=EMAIL, customer=make_customer())
    found = named("spring", audience={"plan": ["none"]})
    second, third = named("summer"), named("autumn")
    rest = Rest()

    first = asked(rest, campaign="spring")
    assert (first["campaign"], Invitation.objects.get().campaign) == ("spring", found)
    assert asked(rest, status=409, campaign="spring")["reason"] == "already_invited"
    asked(rest, campaign=second.slug)
    assert asked(rest, status=409, campaign=third.slug)["reason"] == "capped"
    assert Invitation.objects.count() == 2
    Campaign.objects.update(state="paused")
    refused = asked(rest, status=409, campaign="spring")
    assert (refused["reason"], refused["detail"]) == ("paused", "This campaign is not sending.")


def test_a_campaign_must_be_staffs_and_its_words_are_its_own() -> None:
    make_respondent(make_person(EMAIL), email=EMAIL, customer=make_customer())
    named("spring")
    own = asked(Rest())["campaign"]
    for slug in (own, "nothing"):
        refused = asked(Rest(), status=404, campaign=slug)
        assert refused["errors"][0]["field"] == "campaign"
    for more in ({"product": "Koe"}, {"subject": "Hello"}, {"language": "ja"}):
        refused = asked(Rest(), status=409, campaign="spring", **more)
        assert refused["errors"][0]["field"] in more
