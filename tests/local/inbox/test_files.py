from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from local.inbox.files import Inbox, part_text


def kept(inbox: Inbox, content: bytes) -> EmailMessage | None:
    return inbox.message(inbox.add(content, sender="", recipients=["a@example.com"]).key)


def test_an_inbox_that_nothing_came_to_is_empty(tmp_path: Path) -> None:
    assert Inbox(tmp_path / "inbox").find() == []


def test_each_mail_is_one_file_as_it_came_and_the_newest_is_first(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "inbox")
    old, new = (
        inbox.add(content, sender="survey@koe.example", recipients=["a@example.com"])
        for content in (b"Subject: old\r\n\r\n\xff\x00", b"no header at all")
    )

    assert inbox.find() == [new, old]
    assert inbox.source(old.key) == b"Subject: old\r\n\r\n\xff\x00"
    assert (old.subject, old.size, new.subject) == ("old", 18, "")
    names = {path.name for path in inbox.folder.iterdir()}
    assert names == {f"{old.key}.eml", f"{new.key}.eml", "index.jsonl"}


def test_a_mail_whose_file_is_gone_is_none(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    entry = inbox.add(b"Subject: x\r\n\r\nx", sender="", recipients=["a@example.com"])
    (tmp_path / f"{entry.key}.eml").unlink()

    assert inbox.source(entry.key) is None
    assert inbox.message(entry.key) is None


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
    message = kept(Inbox(tmp_path), head.encode() + b"\r\n\r\n" + body + b"\r\n")

    assert part_text(message, "plain") == text + "\n"
    assert part_text(message, "html") is None


def test_search_looks_at_recipient_and_subject(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    for to, subject in (("hana@example.jp", "ご意見"), ("bob@example.com", "Your OPINION")):
        content = f"Subject: {subject}\r\n\r\nx".encode()
        inbox.add(content, sender="survey@koe.example", recipients=[to])

    assert [entry.recipients for entry in inbox.find("HANA@")] == [["hana@example.jp"]]
    assert [entry.recipients for entry in inbox.find("opinion")] == [["bob@example.com"]]
    assert [entry.recipients for entry in inbox.find("ご意見")] == [["hana@example.jp"]]
    assert inbox.find("survey@koe.example") == []


def test_a_line_cut_short_hides_no_other_mail(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    entry = inbox.add(b"Subject: whole\r\n\r\nx", sender="", recipients=["a@example.com"])
    with inbox.index.open("a") as index:
        index.write('{"key": "000')

    assert inbox.find() == [entry]


@pytest.mark.parametrize("key", ["../secret_key", "", "00000000000000000001-0000000g"])
def test_a_key_that_is_none_opens_nothing(tmp_path: Path, key: str) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "secret_key.eml").write_text("secret")

    assert Inbox(tmp_path / "inbox").source(key) is None
