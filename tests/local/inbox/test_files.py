from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.inbox.files import Mail, find_mail, find_mails, part_text


def keep(folder: Path, content: bytes, *, name: str = "one", at: int = 0) -> Mail:
    (folder / "new").mkdir(parents=True, exist_ok=True)
    path = folder / "new" / name
    path.write_bytes(content)
    os.utime(path, (at, at))
    return Mail(path)


def test_an_inbox_that_nothing_came_to_is_empty(tmp_path: Path) -> None:
    assert find_mails(tmp_path / "mail") == []


def test_the_newest_is_first_and_each_is_as_it_came(tmp_path: Path) -> None:
    keep(tmp_path, b"Subject: new\r\n\r\n\xff\x00", name="a.host", at=20)
    keep(tmp_path, b"no header at all", name="b.host", at=10)

    new, old = find_mails(tmp_path)
    assert (new.subject, old.subject, old.recipient) == ("new", "", "")
    assert new.source() == b"Subject: new\r\n\r\n\xff\x00"
    assert new.received_at.timestamp() == 20


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("utf-8", "声".encode(), "声"),
        ("iso-2022-jp", "声".encode("iso-2022-jp"), "声"),
        ("no-such-charset", "声".encode(), "声"),
        ("us-ascii", b"caf\xe9", "caf\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_text_is_shown_in_whatever_charset_it_came(
    tmp_path: Path, charset: str, body: bytes, text: str
) -> None:
    head = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit"
    message = keep(tmp_path, head.encode() + b"\r\n\r\n" + body + b"\r\n").message()

    assert part_text(message, "plain") == text + "\n"
    assert part_text(message, "html") is None


def test_search_looks_at_recipient_and_subject(tmp_path: Path) -> None:
    for to, subject in (("hana@example.jp", "ご意見"), ("bob@example.com", "Your OPINION")):
        content = f"From: survey@koe.example\r\nTo: {to}\r\nSubject: {subject}\r\n\r\nx"
        keep(tmp_path, content.encode(), name=to)

    def found(wanted: str) -> list[str]:
        return [mail.recipient for mail in find_mails(tmp_path, wanted)]

    assert found("HANA@") == found("ご意見") == ["hana@example.jp"]
    assert found("opinion") == ["bob@example.com"]
    assert found("survey@koe.example") == []


@pytest.mark.parametrize("key", ["../secret_key", "..", "", "\x00"])
def test_a_key_that_is_none_opens_nothing(tmp_path: Path, key: str) -> None:
    keep(tmp_path, b"Subject: x\r\n\r\nx")
    (tmp_path / "secret_key").write_text("secret")

    assert find_mail(tmp_path, "one") is not None
    assert find_mail(tmp_path, key) is None
