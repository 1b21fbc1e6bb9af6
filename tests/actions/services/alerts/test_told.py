from __future__ import annotations

import json
from typing import Any

import pytest
from django.core import mail
from django.utils import translation

from accounts.models import Customer, Respondent
from actions.models import Delivery
from actions.services.alerts import told
from actions.services.deliveries import sending
from common.net.outgoing import Reply
from tests.actions.alerting import make_channel, make_rule, tick
from tests.actions.following import OWNER, answered
from tests.staffing import make_staff
from tests.world import NOW, SECOND

pytestmark = pytest.mark.django_db
SOON = NOW + 45 * SECOND


@pytest.fixture
def posted(monkeypatch) -> list[Any]:
    found: list[Any] = []

    def post(url: str, body: bytes, headers: dict[str, str]) -> Reply:
        found.append(json.loads(body))
        return Reply(200, {}, b"")

    monkeypatch.setattr(sending, "post", post)
    return found


def test_a_viewer_reads_no_address_in_place_of_a_name_and_the_rule_is_named() -> None:
    make_rule(make_staff("viewer"), make_staff("admin"), name="Praise & more")
    first = answered(9, comment="<i>Good</i>")
    answered(10, customer=first.invitation.respondent.customer)
    tick(SOON)

    by_reader = {each.to[0]: each for each in reversed(mail.outbox)}
    address = first.invitation.respondent.email
    for reader, sees in (("viewer@koe.example", False), ("admin@koe.example", True)):
        message: Any = by_reader[reader]
        for text in (message.body, message.alternatives[0].content):
            assert (address in text) is sees
            assert "/follow-ups/link/" not in text
        assert "by the rule “Praise & more”" in message.body
        assert "&lt;i&gt;Good" in message.alternatives[0].content


def test_a_channel_reads_the_words_and_facts_in_its_language_and_no_address(posted) -> None:
    make_staff("cs", OWNER, name="Aya")
    make_rule(make_channel(language="ja"), make_channel(kind="webhook", name="P"), group="any")
    response = answered(2, comment="遅い")
    Customer.objects.update(name="Ember", renews_on=NOW.date())
    tick(SOON)

    chat, program = sorted(posted, key=lambda each: "type" in each)
    text = json.dumps(chat, ensure_ascii=False)
    assert "Ember から 2（10 点満点）の回答がありました" in text
    assert "遅い" in text
    assert "Aya" in text
    assert program["type"] == "answer.alert"
    assert program["data"]["response"] | {"url": ""} == {
        "id": response.pk,
        "score": 2,
        "category": "detractor",
        "comment": "遅い",
        "language": response.language,
        "answered_at": NOW.isoformat(),
        "respondent": "",
        "url": "",
    }
    assert program["data"]["customer"]["renews_on"] == "2026-11-24"
    assert program["data"]["follow_up"] == response.case.follow_up_id
    assert Respondent.objects.get().email not in text + json.dumps(program)
    assert OWNER not in text + json.dumps(program)


def test_what_is_not_known_is_left_out() -> None:
    make_rule(make_channel(), group="any")
    answered(9)
    delivery = Delivery.objects.get()
    with translation.override("en"):
        note = told.note(delivery, NOW)
    assert note is not None
    assert [label for label, _ in note.facts] == []
