"""What the tests of the answer page in a real Chromium share."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import Page, Route, expect
from playwright.sync_api import Response as Reply

from surveys.models import Invitation, Response
from tests.servers.tables import rows_of
from tests.surveys.helpers.invited import answer_path, invite, opt_out_path


def asked(**fields) -> Invitation:
    return invite(sent_at=timezone.now(), **fields)


def rows() -> dict[str, list[dict]]:
    return rows_of("accounts", "surveys")


def links(invitation: Invitation) -> list[str]:
    path = answer_path(invitation)
    return [f"{path}?score={score}" for score in range(11)] + [path, opt_out_path(invitation)]


def answered() -> list[tuple[int, bool]]:
    return list(Response.objects.values_list("score", "suspect"))


def is_intent_of(score: int) -> Callable[[Reply | Route], bool]:
    return lambda reply: f"score={score}&" in (reply.request.post_data or "")


def wait_for_intent(page: Page) -> None:
    expect(page.locator("[data-received]")).not_to_be_empty()


def let_a_minute_pass(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setVirtualTimePolicy", {"policy": "advance", "budget": 60_000})
    page.wait_for_timeout(300)


FURTHER = [
    {"key": "support", "kind": "csat", "label": {"en": "Support?", "ja": "サポート？"}},
    {
        "key": "used",
        "kind": "several",
        "label": {"en": "Used?", "ja": "ご利用は？"},
        "choices": [
            {"value": "c1", "label": {"en": "Alerts", "ja": "通知"}},
            {"value": "c2", "label": {"en": "Tables", "ja": "表"}},
        ],
    },
    {"key": "word", "kind": "text", "label": {"en": "One word?", "ja": "一言で？"}},
]


def choose(page: Page, score: int) -> None:
    page.locator("fieldset.scale").first.locator("label.scale-cell").nth(score).click()
