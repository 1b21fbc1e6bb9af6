from __future__ import annotations

import html
import quopri
import re
from email import message_from_bytes, policy
from email.header import decode_header

import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from surveys.domain.mail.encoding import (
    Encoding,
    MailValueError,
    Placeholder,
    address_line,
    body_parts,
    framed,
    header_line,
    header_parts,
    quoted_printable,
    raw,
)


@run(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_quoted_printable_leaves_room_for_the_soft_break(text: str) -> None:
    lines = quoted_printable(text).split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert len(lines[-1]) <= 75


def test_encoded_headers_fold_within_76_characters() -> None:
    for text in ("声" * 200, "a" * 500, "long words, " * 40 + "end", "=?utf-8?b?eA==?="):
        line = header_line("Subject", text)
        assert max(map(len, line.split(b"\r\n"))) <= 76
        assert message_from_bytes(line, policy=policy.default)["Subject"] == text
    line = address_line("To", "声" * 60, "a@example.com")
    # Not by the policy's parser: it puts spaces between the encoded words of a display name.
    (name, charset), (address, _) = decode_header(line.decode().removeprefix("To: ").strip())
    assert (name.decode(charset), address.strip()) == ("声" * 60, b"<a@example.com>")


@pytest.mark.parametrize("value", ["", " a", "a ", "a  b", "a\r\nBcc: b", "a\tb", "声", "a\x7f"])
def test_what_stands_raw_in_a_header_is_ascii_words_or_refused(value: str) -> None:
    with pytest.raises(MailValueError, match="Reply-To"):
        raw(value, name="Reply-To")
    assert raw("<a@b.example> c", name="Reply-To") == b"<a@b.example> c"


@pytest.mark.parametrize(
    ("display", "line"),
    [
        ("", "To: a@b.example\r\n"),
        ("Aya Sato", "To: Aya Sato\r\n <a@b.example>\r\n"),
        ("Sato, Aya", 'To: "Sato, Aya"\r\n <a@b.example>\r\n'),
        ('The "A" \\ team', 'To: "The \\"A\\" \\\\ team"\r\n <a@b.example>\r\n'),
        ("Aya\r\nBcc: x", 'To: "Aya Bcc: x"\r\n <a@b.example>\r\n'),
    ],
)
def test_a_display_name_is_quoted_where_it_must_be(display: str, line: str) -> None:
    assert address_line("To", display, "a@b.example") == line.encode()


@pytest.mark.parametrize("address", ["a@b.example,c@d.example", "a@b.example>", "a;b@c.example"])
def test_one_address_never_becomes_two(address: str) -> None:
    with pytest.raises(MailValueError, match="cannot stand in a mail header"):
        address_line("To", "Aya", address)


MARK = re.compile(r"\[([a-z]+)\]")


@pytest.mark.parametrize(
    ("encoding", "name"), [(Encoding.TEXT, "<声> & co"), (Encoding.HTML, "&lt;声&gt; &amp; co")]
)
def test_a_body_is_filled_at_every_place(encoding: Encoding, name: str) -> None:
    body = "Dear [name] [other]:\n100 % = [name]"
    frame, holders, places = framed([*body_parts(body, marker=MARK, encoding=encoding)])

    values = {"name": "<声> & co", "other": "x" * 200}
    filled = [each.encode(values) for each in holders]
    raw_body = frame % tuple(filled[place] for place in places)

    assert (len(holders), places) == (2, (0, 1, 0))
    assert max(map(len, raw_body.split(b"\r\n"))) <= 76
    shown = f"Dear {name} {'x' * 200}:\r\n100 % = {name}"
    assert quopri.decodestring(raw_body).decode() == shown


@run(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("aZ09 !\"#$%&'*+,-./:;<=>?@[]^_`{|}~."), min_size=1, max_size=80))
def test_the_short_way_for_plain_values_writes_what_the_long_one_does(text: str) -> None:
    for encoding, shown in ((Encoding.TEXT, text), (Encoding.HTML, html.escape(text))):
        written = Placeholder(encoding, ("", "name")).encode({"name": text})
        assert quopri.decodestring(written).decode() == shown.strip()


def test_a_header_with_a_placeholder_is_encoded_when_it_is_filled() -> None:
    [plain] = header_parts("Subject", "No place\nhere", marker=MARK)
    [filled] = header_parts("Subject", "For [name]!", marker=MARK)

    assert plain == b"Subject: No place here\r\n"
    assert isinstance(filled, Placeholder)
    assert filled.encode({"name": "Aya\nX: y"}) == b"Subject: For Aya X: y!\r\n"
    assert b"=?utf-8?b?" in filled.encode({"name": "声"})
