from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffUser
from actions.domain.follow_ups.states import State
from actions.models import FollowUp
from tests.actions.following import OWNER, answered
from tests.actions.goals import make_improvement
from tests.analytics import world as analytics
from tests.staffing import client_as, logged_in, make_staff
from tests.world import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Client:
    return logged_in(make_staff("cs", OWNER))


@pytest.fixture
def found(owner: Client) -> FollowUp:
    return answered(3, comment="It is too slow.").case.follow_up


def act(client: Client, found: FollowUp, name: str, **form: Any) -> Any:
    found.refresh_from_db()
    address = reverse("actions:follow-up-act", args=[found.pk, name])
    return client.post(address, {"seen": found.version, **form})


def page(client: Client, found: FollowUp) -> Any:
    return client.get(reverse("actions:follow-up-detail", args=[found.pk]))


def test_the_page_has_the_words_and_what_the_owner_may_do(owner, found) -> None:
    shown = page(owner, found)

    assert "It is too slow." in shown.content.decode()
    assert set(shown.context["acts"]) == {
        "start", "assign", "snooze", "comment", "close", "dismiss",
    }  # fmt: skip


def test_a_colleague_may_take_it_or_comment_and_nothing_else(found) -> None:
    colleague = logged_in(make_staff("cs", "other@koe.example"))

    assert set(page(colleague, found).context["acts"]) == {"take", "comment"}
    assert (
        act(colleague, found, "close", cause="price", outcome="x", contacted="1").status_code == 403
    )
    assert act(colleague, found, "take").status_code == 302
    found.refresh_from_db()
    assert found.owner.email == "other@koe.example"


def test_every_act_from_its_form(owner, found) -> None:
    until = timezone.localdate() + dt.timedelta(days=3)
    for name, form in (
        ("start", {}),
        ("comment", {"text": "Called."}),
        ("snooze", {"until": until, "reason": "Away."}),
        ("close", {"cause": "price", "outcome": "A discount.", "contacted": "1"}),
        ("reopen", {"reason": "Again."}),
        ("assign", {"to": make_staff("cs", "x@koe.example").pk}),
    ):
        assert act(owner, found, name, **form).status_code == 302, name

    shown = page(logged_in(make_staff("admin")), found).content.decode()
    assert all(text in shown for text in ("Called.", "Away.", "A discount.", "Again."))


def test_closing_wants_cause_outcome_and_contact_and_keeps_what_was_typed(owner, found) -> None:
    refused = act(owner, found, "close", outcome="Half a sentence")

    assert refused.status_code == 422
    assert set(refused.context["acts"]["close"].errors) == {"cause", "contacted"}
    assert "Half a sentence" in refused.content.decode()
    assert act(owner, found, "snooze", until="2020-01-01", reason="x").status_code == 422
    assert FollowUp.objects.get().state == State.OPEN


def test_what_changed_meanwhile_is_shown_and_what_was_typed_stays(owner, found) -> None:
    seen = found.version
    answered(1, customer=found.customer, comment="Still too slow.")
    form = {"seen": seen, "cause": "price", "outcome": "All is well.", "contacted": "1"}

    refused = owner.post(reverse("actions:follow-up-act", args=[found.pk, "close"]), form)

    assert refused.status_code == 409
    said = refused.content.decode()
    assert "Still too slow." in said
    assert "All is well." in said
    assert act(owner, found, "close", **form | {"seen": seen + 1}).status_code == 302


def test_one_is_opened_by_hand_on_a_customers_page(owner) -> None:
    customer = make_customer()
    address = reverse("actions:follow-up-create", args=[customer.pk])
    staff = owner.get(address).context["form"].initial["owner"]

    assert owner.post(address, {"owner": staff, "text": ""}).status_code == 422
    made = owner.post(address, {"owner": staff, "text": "Renewal talk."})
    assert made["Location"] == reverse("actions:follow-up-detail", args=[FollowUp.objects.get().pk])


def test_an_unknown_act_is_not_found(owner, found) -> None:
    assert act(owner, found, "delete").status_code == 404


def test_the_words_come_first_and_one_button_is_the_main_one() -> None:
    found = answered(2, comment="Too slow for us.").case.follow_up
    html = client_as("cs").get(f"/follow-ups/{found.pk}/").content.decode()

    main = html.split("<main")[1]
    assert (
        main.index('<blockquote class="said"') < main.index('id="next"') < main.index('id="story"')
    )
    assert main.count("btn-primary") == 1
    assert "<dt>MRR</dt>" in main


def test_no_two_fields_share_their_id_so_that_each_label_leads_to_its_own() -> None:
    response = answered(2)
    owner = logged_in(make_staff("cs", OWNER))
    found = FollowUp.objects.get()
    FollowUp.objects.update(owner=StaffUser.objects.get(email=OWNER))

    for path in (f"/follow-ups/{found.pk}/", f"/responses/{response.pk}/"):
        html = owner.get(path).content.decode().split("<main")[1]
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids)), [each for each in ids if ids.count(each) > 1]


def test_it_is_linked_to_an_improvement_by_whoever_follows_up(owner, found) -> None:
    assert "improve" not in page(owner, found).context["acts"]
    row = make_improvement(analytics.make_dimension("plan"))
    colleague = logged_in(make_staff("cs", "other@koe.example"))

    assert act(colleague, found, "improve", improvement="").status_code == 422
    assert act(colleague, found, "improve", improvement=row.pk).status_code == 302
    shown = page(owner, found).content.decode()
    assert shown.count("Referral gifts") == 3  # the link, the choice and the story
