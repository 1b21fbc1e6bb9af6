"""Webhooks and what leaves for them, for the tests of events."""

from __future__ import annotations

import json
from typing import Any

from actions.domain.deliveries.states import Kind
from actions.models import Delivery
from api.domain.events import Event as Name
from api.models import Project, Subscription
from api.services.webhooks.editing import Wanted, events_for, save_webhook
from common.net.outgoing import Reply
from tests.world import NOW

URL = "https://hooks.example.org/T1/secret"


def make_webhook(*events: Name, project: Project | None = None, **fields: Any) -> Subscription:
    """A program's, told of everything, where nothing else is said."""
    kind = fields.pop("kind", Kind.WEBHOOK)
    told = events or events_for(kind, project)
    given = {"name": kind.value, "kind": kind, "language": "en", "url": URL, **fields}
    subscription = Subscription()
    save_webhook(subscription, Wanted(events=told, project=project, **given), by=None, now=NOW)
    return subscription


def queued() -> list[str]:
    """Without the e-mails of staff."""
    rows = Delivery.objects.filter(channel__isnull=False)
    return list(rows.order_by("pk").values_list("event", flat=True))


class Posts(list[tuple[dict[str, str], Any]]):
    """Headers and body of what was posted; `replies`: the next ones, then 200."""

    def __init__(self) -> None:
        super().__init__()
        self.replies: list[Any] = []

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        is_json = headers["Content-Type"] == "application/json"
        self.append((headers, json.loads(body) if is_json else body))
        reply = self.replies.pop(0) if self.replies else 200
        if isinstance(reply, Exception):
            raise reply
        return Reply(reply, {}, b"")
