from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.domain.contactability import SuppressionReason
from accounts.models import Suppression
from actions.models import Reply, ReplyTemplate
from tests.actions.following import OWNER, answered
from tests.staffing import client_as, logged_in, make_staff
from tests.world import NOW, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Client:
    return logged_in(make_staff("cs", OWNER, name="Hanako"))


def address(response: Any) -> str:
    return reverse("actions:follow-up-reply", args=[response.case.follow_up_id])


def form_of(client: Client, response: Any) -> dict[str, Any]:
    form = client.get(address(response)).context["form"]
    return {name: form[name].value() for name in form.fields}


def test_the_owner_writes_it_and_two_presses_send_one(owner) -> None:
    response = answered(3, comment="It is too slow.")
    form = form_of(owner, response)
    assert "> It is too slow." in form["text"]

    sent = owner.post(address(response), form | {"subject": ""})
    assert (sent.status_code, sent.context["form"].errors.keys()) == (422, {"subject"})
    for _ in range(2):
        assert owner.post(address(response), form).status_code == 302
    assert Reply.objects.get().text == form["text"]
    page = owner.get(reverse("actions:follow-up-detail", args=[response.case.follow_up_id]))
    assert "It is too slow." in page.content.decode()
    assert [each.reply for each in page.context["story"] if each.reply] == [Reply.objects.get()]


def test_what_has_changed_meanwhile_is_said_and_what_was_typed_stays(owner) -> None:
    customer = make_customer(owner_email=OWNER)
    response = answered(3, customer=customer)
    form = form_of(owner, response) | {"text": "Half a page."}
    answered(1, customer=customer)

    refused = owner.post(address(response), form)

    assert refused.status_code == 409
    assert "Half a page." in refused.content.decode()
    again = refused.context["form"]
    assert owner.post(address(response), again.data).status_code == 302
    # Still to whom it was written, who no longer stands first.
    assert Reply.objects.get().respondent == response.invitation.respondent


def test_a_colleague_opens_their_own_program_and_sends_nothing_through_koe(owner) -> None:
    response = answered(3)
    Suppression.objects.create(
        person=response.invitation.person, reason=SuppressionReason.OPTED_OUT, created_at=NOW
    )
    form = form_of(owner, response)
    colleague = client_as("cs", email="other@koe.example")
    page = colleague.get(address(response))

    assert not page.context["may_send"]
    assert page.context["own_program"].startswith(f"mailto:{response.invitation.respondent.email}")
    assert "gets no surveys" in page.content.decode()
    assert colleague.post(address(response), form).status_code == 403
    assert owner.post(address(response), form | {"to": "999999"}).status_code == 422
    assert not Reply.objects.exists()


def test_where_nobody_has_an_address_the_page_says_so(owner) -> None:
    response = answered(3)
    respondent = response.invitation.respondent
    respondent.email = ""
    respondent.save()
    assert owner.get(address(response))["Location"] == reverse(
        "actions:follow-up-detail", args=[response.case.follow_up_id]
    )


def test_an_admin_has_them_begin_otherwise_and_takes_it_back() -> None:
    admin = client_as("admin")
    to = reverse("actions:settings-template", args=["ja"])

    def save(subject: str, text: str) -> int:
        return admin.post(to, {"reply-ja-subject": subject, "reply-ja-text": text}).status_code

    assert save("件名", "{score} {secret}") == 422
    assert save("件名", "") == 422
    assert not ReplyTemplate.objects.exists()
    assert save("件名", "{name}様\n{answer}") == 302
    page = admin.get(reverse("actions:settings")).content.decode()
    assert "{name}様" in page
    assert save("", "") == 302
    assert not ReplyTemplate.objects.exists()
    wrong = reverse("actions:settings-template", args=["xx"])
    assert admin.post(wrong, {}).status_code == 404
