from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from accounts.models import StaffUser
from actions.services.deliveries.mails import compose, language_of


def test_a_name_with_line_ends_makes_no_header_and_all_is_seven_bit() -> None:
    context: dict[str, Any] = {
        "channel": SimpleNamespace(name="a\r\nBcc: x@example.com"),
        "url": "u",
    }
    message = compose("channel_gone", context, to="a@example.com", reader=StaffUser(language="ja"))

    sent = message.message()
    assert sent["Bcc"] is None
    assert sent["Auto-Submitted"] == "auto-generated"
    assert "チャンネル" in message.subject
    assert sent.as_bytes().isascii()
    parts: Any = sent.get_payload()
    assert [each.get_content_type() for each in parts] == ["text/plain", "text/html"]


def test_who_has_chosen_no_language_gets_that_of_the_site(settings) -> None:
    settings.LANGUAGE_CODE = "ja"
    assert [language_of(each) for each in (None, StaffUser(), StaffUser(language="en"))] == [
        "ja", "ja", "en"
    ]  # fmt: skip
