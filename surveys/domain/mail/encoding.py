"""The bytes of a mail that is compiled once and filled per recipient.

Bodies are quoted-printable. A placeholder stands between two soft line breaks, so that a value
of any length can be put there without encoding the rest again and no line grows too long.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from surveys.domain.wording import header_safe

SOFT_BREAK = b"=\r\n"
_WORD_ROOM = 75 - len("=?utf-8?b??=")
_HEADER_LINE = 76
_LAST_LINE = 75
_ASCII_TEXT = re.compile(r"[\x20-\x7e]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
# Short, and the same in quoted-printable and in HTML.
_PLAIN = re.compile(r"[!#-%(-;?-~](?:[ !#-%(-;?-~]{0,70}[!#-%(-;?-~])?")
_RAW = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")


class MailValueError(ValueError):
    """A recipient's value cannot be written into a mail; the text names it."""


class Encoding(StrEnum):
    RAW = "raw"  # addresses, ids and dates in headers: as they are or not at all
    HEADER = "header"
    ADDRESS = "address"  # its template is two names: of the display name and of the address
    TEXT = "text"
    HTML = "html"
    # Of several lines, each with its end; an empty one leaves nothing behind.
    TEXT_LINES = "text lines"
    HTML_LINES = "html lines"


LINES = {Encoding.TEXT: Encoding.TEXT_LINES, Encoding.HTML: Encoding.HTML_LINES}


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Where recipients' values go; a header is a template, a body has one value per place."""

    encoding: Encoding
    template: tuple[str, ...]  # literal, name, literal, name, ...
    header: str = ""

    def encode(self, values: Mapping[str, str]) -> bytes:
        if self.encoding is Encoding.RAW:
            return raw(values[self.template[1]], name=self.template[1])
        if self.encoding is Encoding.ADDRESS:
            display, address = (values[name] for name in self.template)
            return address_line(self.header, display, address)
        if self.encoding in LINES.values():
            return _lines(values[self.template[1]], self.encoding)
        if self.encoding is not Encoding.HEADER and _PLAIN.fullmatch(values[self.template[1]]):
            return values[self.template[1]].encode("ascii")
        parts = (text if not at % 2 else values[text] for at, text in enumerate(self.template))
        text = single_line("".join(parts))
        if self.encoding is Encoding.HEADER:
            return header_line(self.header, text)
        return quoted_printable(html.escape(text) if self.encoding is Encoding.HTML else text)


def _lines(value: str, encoding: Encoding) -> bytes:
    lines = [single_line(each) for each in value.splitlines()]
    if encoding is Encoding.HTML_LINES:
        return quoted_printable("".join(f"{html.escape(each)}<br>" for each in lines))
    # With an empty one before the text that follows.
    return quoted_printable("".join(f"{each}\n" for each in [*lines, ""])) if lines else b""


def single_line(text: str) -> str:
    return text.strip() if text.isprintable() else header_safe(text)


def raw(value: str, *, name: str) -> bytes:
    if not _RAW.fullmatch(value):
        raise MailValueError(f"{name}: {value!r} cannot stand in a mail header")
    return value.encode("ascii")


def header_line(name: str, text: str) -> bytes:
    """`Name: text` with its line end; what is not short plain ASCII becomes encoded words."""
    if _fits(text, room=_HEADER_LINE - len(name) - 2):
        return f"{name}: {text}\r\n".encode("ascii")
    return f"{name}: {_encoded_words(text, used=len(name) + 2)}\r\n".encode("ascii")


def address_line(name: str, display: str, address: str) -> bytes:
    """`Name: Display <address>`; folded, so that a long display name stays within its line."""
    where = raw(address, name=name).decode("ascii")
    if any(sign in where for sign in " <>,;"):
        raise MailValueError(f"{name}: {address!r} cannot stand in a mail header")
    shown = single_line(display)
    if not shown:
        return f"{name}: {where}\r\n".encode("ascii")
    return f"{name}: {_phrase(shown, used=len(name) + 2)}\r\n <{where}>\r\n".encode("ascii")


def quoted_printable(text: str) -> bytes:
    """Without a line over 75 characters at the end, so that a soft break can follow."""
    encoded = binascii.b2a_qp(text.encode("utf-8"), istext=True)
    start = encoded.rfind(b"\n") + 1
    if len(encoded) - start > _LAST_LINE:
        # Not between the signs of one =XX.
        cut = len(encoded) - 3
        cut -= next(back for back in range(3) if b"=" not in encoded[cut - back - 2 : cut - back])
        encoded = encoded[:cut] + b"=\n" + encoded[cut:]
    return encoded.replace(b"\n", b"\r\n")


def body_parts(
    body: str, *, marker: re.Pattern[str], encoding: Encoding, of_lines: Collection[str] = ()
) -> Iterator[bytes | Placeholder]:
    """Encoded bytes with a placeholder wherever `marker` (with one group, the name) matches.

    `of_lines`: those whose value may have several.
    """
    pieces = marker.split(body.replace("\r\n", "\n"))
    for at, piece in enumerate(pieces):
        if at % 2:
            yield SOFT_BREAK
            yield Placeholder(LINES[encoding] if piece in of_lines else encoding, ("", piece))
            yield SOFT_BREAK
        elif piece:
            yield quoted_printable(piece)


def header_parts(name: str, text: str, *, marker: re.Pattern[str]) -> Iterator[bytes | Placeholder]:
    pieces = marker.split(text)
    if len(pieces) == 1:
        yield header_line(name, single_line(text))
    else:
        yield Placeholder(Encoding.HEADER, tuple(pieces), header=name)


def framed(
    parts: Sequence[bytes | Placeholder],
) -> tuple[bytes, tuple[Placeholder, ...], tuple[int, ...]]:
    """As a format of bytes, the different placeholders, and which of them stands in each place."""
    numbers: dict[Placeholder, int] = {}
    places: list[int] = []
    frame: list[bytes] = []
    for part in parts:
        if isinstance(part, bytes):
            frame.append(part.replace(b"%", b"%%"))
        else:
            frame.append(b"%b")
            places.append(numbers.setdefault(part, len(numbers)))
    return b"".join(frame), tuple(numbers), tuple(places)


def _fits(text: str, *, room: int) -> bool:
    return len(text) <= room and "=?" not in text and _ASCII_TEXT.fullmatch(text) is not None


def _phrase(text: str, *, used: int) -> str:
    if not _fits(text, room=_HEADER_LINE - used - 2):
        return _encoded_words(text, used=used)
    if _ATOMS.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return (
        f'"{escaped}"'
        if len(escaped) + 2 + used <= _HEADER_LINE
        else _encoded_words(text, used=used)
    )


def _encoded_words(text: str, *, used: int) -> str:
    """RFC 2047 words of whole characters, none of them making a line over 76 characters."""
    words: list[bytes] = []
    word, room = b"", _bytes_in(_WORD_ROOM - used)
    for sign in text:
        encoded = sign.encode("utf-8")
        if len(word) + len(encoded) > room:
            words.append(word)
            word, room = b"", _bytes_in(_WORD_ROOM - 1)
        word += encoded
    words.append(word)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


def _bytes_in(base64_signs: int) -> int:
    return base64_signs // 4 * 3
