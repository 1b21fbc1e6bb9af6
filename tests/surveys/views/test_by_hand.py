from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Respondent
from surveys.models import Invitation, Response
from surveys.services.people.erase import erase_person
from tests.staffing import client_as, logged_in, make_staff
from tests.world import make_customer, make_respondent, queue

pytestmark = pytest.mark.django_db


def post(client: Client, respondent: Respondent, **fields: object):
    data = {"score": "4", "comment": "By phone.", "language": "en", "ref": uuid.uuid4()}
    data["day"] = timezone.localdate().isoformat()
    return client.post(f"/respondents/{respondent.pk}/answers/new/", {**data, **fields})


def test_an_answer_is_entered_and_marked_wherever_it_is_shown() -> None:
    respondent = make_respondent(name="Aya", customer=make_customer(name="Acme"))
    client = client_as("cs")
    assert "Enter an answer" in client.get(f"/respondents/{respondent.pk}/").content.decode()

    answer = post(client, respondent)

    response = Response.objects.get()
    assert answer.headers["Location"] == f"/responses/{response.pk}/"
    for page in (
        f"/responses/{response.pk}/",
        "/responses/",
        f"/respondents/{respondent.pk}/",
        f"/customers/{respondent.customer.pk}/",
        "/campaigns/",
        "/campaigns/entered-by-hand/",
    ):
        assert "Entered by hand" in client.get(page).content.decode(), page
    shown = client.get(f"/responses/{response.pk}/").content.decode()
    assert "By phone or in a talk" in shown
    campaign = client.get("/campaigns/entered-by-hand/").content.decode()
    assert "1 answer was given by phone" in campaign


def test_without_a_free_slot_it_is_refused_with_the_day_it_is_possible() -> None:
    respondent, client = make_respondent(), client_as("admin")
    for _ in range(2):
        assert queue(respondent, now=timezone.now())
    warned = client.get(f"/respondents/{respondent.pk}/answers/new/").content.decode()
    assert "used up or reserved" in warned

    answer = post(client, respondent)

    assert answer.status_code == 422
    [said] = answer.context["form"].non_field_errors()
    assert "used up or reserved" in said
    assert not Response.objects.exists()


def test_who_wrote_down_a_detractor_of_their_own_account_is_not_told_of_it() -> None:
    owner = make_staff("cs")
    mine = make_respondent(customer=make_customer(owner_email="CS@koe.example"))
    other = make_respondent(customer=make_customer(owner_email="other@koe.example"))

    for each in (mine, other):
        post(logged_in(owner), each)

    told = dict(Response.objects.values_list("invitation__respondent", "owner_told_at"))
    assert told[mine.pk] is not None
    assert told[other.pk] is None


def test_nobody_enters_an_answer_of_an_erased_person() -> None:
    respondent, admin = make_respondent(), make_staff("admin")
    erase_person(respondent.person, by=admin, now=timezone.now())

    assert post(logged_in(admin), respondent).status_code == 404


def test_a_viewer_enters_nothing() -> None:
    respondent = make_respondent()

    assert post(client_as("viewer"), respondent).status_code == 403
    assert not Invitation.objects.exists()
