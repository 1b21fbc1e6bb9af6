"""Survey mails as they are read, for the tests of what makes them."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

from surveys.models import Campaign
from surveys.sending.messages import emails
from surveys.sending.messages.emails import Recipient

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
HOSTILE = [
    "Eve\r\nBcc: all@example.com",
    "Eve\nX-Evil: 1",
    "Eve\x00\x1b[31m",
    "Eve\u2028Bcc: x\u2029",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=?utf-8?b?QmNjOiB4?=",
    "\u202eesrever",
    "{answer_url} {{ settings.SECRET_KEY }} {% debug %}",
    '"quoted" \\ <a@b>, c;',
]


def campaign(**fields) -> Campaign:
    return Campaign(**{"pk": 7, "slug": "spring", "product_name": "Ledgerly", **fields})


def recipient(
    number: int = 0, *, name: str = "Hanako", language: str = "en", message_id: str = ""
) -> Recipient:
    return Recipient(
        public_id=f"{number:022d}",
        language=language,
        address=f"person{number}@example.com",
        name=name,
        customer="Acme & Co",
        message_id=message_id,
    )


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def parts(raw: bytes) -> tuple[str, str]:
    message = parsed(raw)
    assert message.get_content_type() == "multipart/alternative"
    first, second = message.iter_parts()
    assert [first.get_content_type(), second.get_content_type()] == ["text/plain", "text/html"]
    return first.get_content(), second.get_content()


def mail_to(target: Recipient, *, reminder: bool = False, **fields) -> bytes:
    compiled = emails.compile_mail(campaign(**fields), language=target.language, reminder=reminder)
    return compiled.fill(emails.mail_values(target, reminder=reminder, now=NOW))


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def assert_wire_safe(raw: bytes) -> None:
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    _head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, raw.split(b"\r\n"))) < 200
    assert max(map(len, body.split(b"\r\n"))) <= 76
