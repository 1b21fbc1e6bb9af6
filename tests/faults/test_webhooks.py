"""The provider's webhooks on a bad day: each comes three times, the latest first."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from accounts.models import Suppression
from benchmarks.sending import queue_invitations
from surveys.models import DeliveryEvent, Invitation
from tests.faults.rig.stack import Stack, states
from tests.servers.fault_server import DROP, FaultServer

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]

LOST = {"dot": DROP}
# What Postmark tells of each mail in order, and what must be known in the end whatever the order:
# state, delivery status, why the person is not mailed any more.
STORIES = [
    (["Delivery"], ("sent", "delivered", None)),
    (["HardBounce"], ("sent", "bounced", "bounced")),
    (["Delivery", "Open", "Click", "SpamComplaint"], ("sent", "complained", "complained")),
    (["Open", "Click"], (None, "", None)),  # machines open and click
    ([], (None, "", None)),
]
TYPES = {"HardBounce": "Bounce"}


def told(kind: str, invitation: Invitation, *, minute: int) -> dict[str, Any]:
    at = f"2026-11-24T09:{minute:02}:00Z"
    body: dict[str, Any] = {
        "RecordType": TYPES.get(kind, kind),
        "MessageID": f"883953f4-{invitation.pk}",
        "Recipient": invitation.email,
        "Metadata": {"reference": invitation.public_id},
        "DeliveredAt" if kind == "Delivery" else "ReceivedAt": at,
    }
    if kind in ("HardBounce", "SpamComplaint"):
        # As they stand there: an id past 2^53, and the recipient under another name.
        body |= {"Type": kind, "ID": 2**62 + invitation.pk, "Email": body.pop("Recipient")}
        body |= {"BouncedAt": body.pop("ReceivedAt")}
    return body


def post(body: dict[str, Any]) -> None:
    secret = b64encode(b"koe:secret").decode()
    reply = Client().post(
        "/anymail/postmark/tracking/",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Basic {secret}"},
    )
    assert reply.status_code == 200


def test_events_three_times_and_reversed_are_applied_once_by_the_worker(
    tmp_path, redis_url, settings
):
    """R17, R19, R20: on mails of which a real worker knows, and of which it does not."""
    settings.EMAIL_PROVIDER = "postmark"
    settings.ANYMAIL_WEBHOOK_SECRET = ["koe:secret"]
    ids = queue_invitations(2 * len(STORIES))
    with FaultServer(*[LOST] * len(STORIES), {}) as server:
        koe = Stack(
            folder=tmp_path, redis_url=redis_url, EMAIL_URL=f"smtp://127.0.0.1:{server.port}",
            FAULT_BREAKERS="closed",
        )  # fmt: skip
        try:
            koe.start_beat()
            koe.start_worker(children=1)
            koe.wait_until_all_tried()
            assert states() == {"unknown": len(STORIES), "sent": len(STORIES)}

            rows = dict(zip(ids, STORIES * 2, strict=True))
            before = dict(Invitation.objects.values_list("pk", "state"))
            events = [
                told(kind, invitation, minute=minute)
                for invitation in Invitation.objects.order_by("pk")
                for minute, kind in enumerate(rows[invitation.pk][0])
            ]
            for event in reversed(events * 3):
                post(event)
            koe.wait(lambda: not DeliveryEvent.objects.filter(applied_at=None).exists())
        finally:
            koe.stop()

    assert DeliveryEvent.objects.count() == len(events)
    for invitation in Invitation.objects.all():
        state, status, stopped = rows[invitation.pk][1]
        reasons = Suppression.objects.filter(person=invitation.person_id).values_list("reason")
        assert invitation.state == (state or before[invitation.pk])
        assert invitation.delivery_status == status
        assert [reason for (reason,) in reasons] == ([stopped] if stopped else [])
    assert Counter(states()) == {"unknown": 2, "sent": 8}
    assert len(server.accepted) == len(STORIES)
