"""Compiling a survey mail: rendering, inlining and encoding, once per wording.

The sender block and the opt-out stand in the templates, outside what staff can write.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import css_inline
from django.template.loader import render_to_string

from accounts.domain.colours import darker, in_the_dark, tint
from surveys.domain.answers.scoring import SCORES
from surveys.domain.mail.encoding import (
    Encoding,
    Placeholder,
    address_line,
    body_parts,
    framed,
    header_parts,
    raw,
    single_line,
)
from surveys.domain.mail.references import REFERENCE_HEADERS
from surveys.domain.wording import (
    DEFAULT_WORDING,
    Wording,
    fill,
    sender_display_name,
    with_overrides,
)

SENDER_ID = "koesurvey"  # Feedback-ID: 5 to 15 signs, the same for ever
HTML_LIMIT = 90_000  # Gmail clips a little above
TEXT_LIMIT = 4_000
RECIPIENT_FIELDS = (
    *("name", "customer", "bare_name", "bare_customer", "opening"),
    *("answer_url", "opt_out_url"),
)
OF_LINES = ("opening",)
# Zero-width joints after the preheader keep the mail's first line out of the inbox preview, which
# shows about so many letters; a Japanese one, of three bytes, is twice as wide.
PREVIEW_LENGTH = 110
_JOINT = "\u00a0\u200c"

_inliner = css_inline.CSSInliner(
    load_remote_stylesheets=False, keep_at_rules=True, keep_style_tags=False, minify_css=True
)


class MailTooLarge(ValueError):
    """The wording makes a mail that mail programs would cut off."""


@dataclass(frozen=True, slots=True)
class CompiledMail:
    """A whole message but for one recipient's values."""

    # With %b where the placeholders of `places` stand, by their number.
    frame: bytes
    placeholders: tuple[Placeholder, ...]
    places: tuple[int, ...]
    html: str
    text: str

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The message as it goes over the wire: 7-bit, CRLF. MailValueError for hostile values."""
        encoded = [each.encode(values) for each in self.placeholders]
        return self.frame % tuple([encoded[number] for number in self.places])


@dataclass(frozen=True, slots=True)
class Source:
    """All that a compiled mail depends on, so that an unchanged campaign is compiled once."""

    campaign_id: int | None
    language: str
    reminder: bool
    test: bool
    wording: str
    sender_name: str
    reply_to: str
    product: str
    site_url: str
    organisation: str
    address: str
    sent_from: str
    provider: str
    # The address of the image, or empty; "#rrggbb", or that of Koe.
    logo: str = ""
    colour: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.site_url).hostname or "localhost"

    @property
    def contact(self) -> str:
        return self.reply_to or self.sent_from


def fixed_values(source: Source) -> dict[str, str]:
    return {"product": source.product, "organisation": source.organisation}


@lru_cache(maxsize=256)
def compiled(source: Source) -> CompiledMail:
    # A mark that no wording can contain, so that only our placeholders are filled.
    mark = "koe" + secrets.token_hex(8)
    marker = re.compile(f"{mark}x([a-z_]+)x{mark}")
    context = _context(source, marks={name: f"{mark}x{name}x{mark}" for name in RECIPIENT_FIELDS})
    html = _without_lines(_inliner.inline(render_to_string("emails/survey/body.html", context)))
    text = _tidy(render_to_string("emails/survey/body.txt", context))
    subject = single_line(render_to_string("emails/survey/subject.txt", context))
    if len(html.encode()) > HTML_LIMIT or len(text.encode()) > TEXT_LIMIT:
        raise MailTooLarge(
            f"The mail is too large: {len(html.encode())} bytes of HTML (at most {HTML_LIMIT}), "
            f"{len(text.encode())} bytes of text (at most {TEXT_LIMIT}). Shorten the wording."
        )
    parts = [*_headers(source, subject, context["from_name"], marker), *_body(text, html, marker)]
    readable = r"{\1}"
    return CompiledMail(
        *framed(parts), html=marker.sub(readable, html), text=marker.sub(readable, text)
    )


def _context(source: Source, *, marks: Mapping[str, str]) -> dict[str, Any]:
    wording = with_overrides(DEFAULT_WORDING[source.language], overrides=json.loads(source.wording))
    # Staff's texts know the recipient's name and customer; links stand in the templates only.
    known = ("name", "customer", "bare_name", "bare_customer")
    values = {**fixed_values(source), **{name: marks[name] for name in known}}

    def filled(text: str) -> str:
        return fill(text, values=values).strip()

    intro = wording.reminder_intro if source.reminder else wording.intro
    names_somebody = "{name}" in intro or "{customer}" in intro

    return {
        "language": source.language,
        "test": source.test,
        "subject": filled(wording.reminder_subject if source.reminder else wording.subject),
        "preheader": filled(wording.preheader),
        "preheader_filler": _JOINT * (PREVIEW_LENGTH - len(filled(wording.preheader).encode())),
        "intro": filled(intro),
        # Not where the text itself names whom it is to.
        "opening": "" if names_somebody or source.language != "ja" else marks["opening"],
        "question": filled(wording.question),
        "low_label": filled(wording.low_label),
        "high_label": filled(wording.high_label),
        "sign_off": filled(wording.sign_off),
        "from_name": from_name(source, wording, values=values),
        "product": source.product,
        "scores": list(SCORES),
        "answer_url": marks["answer_url"],
        "opt_out_url": marks["opt_out_url"],
        "logo": source.logo,
        **_colours(source.colour),
        "sender": {
            "name": source.organisation,
            "address": source.address,
            "contact": source.contact,
        },
    }


def _colours(colour: str) -> dict[str, str]:
    """Of the scale; Koe's own, or what makes the organisation's readable on light and dark."""
    if not colour:
        return {"accent": "", "on_tint": "#154a85", "edge": "#1d5fa8", "tint": "#edf4fc",
                "dark_edge": "#7ab4f2", "dark_ink": "#cfe5fd"}  # fmt: skip
    dark = in_the_dark(colour)
    return {"accent": colour, "on_tint": darker(colour), "edge": colour, "tint": tint(colour),
            "dark_edge": dark, "dark_ink": "#ffffff"}  # fmt: skip


def from_name(source: Source, wording: Wording, *, values: Mapping[str, str]) -> str:
    text = source.sender_name or wording.sender_name or source.organisation
    return sender_display_name(fill(text, values=values).strip()) or source.organisation


def _headers(
    source: Source, subject: str, from_name: str, marker: re.Pattern[str]
) -> list[bytes | Placeholder]:
    stream = "reminder" if source.reminder else "survey"
    feedback = f"{source.campaign_id or 0}:{stream}:{source.host.replace(':', '-')}:{SENDER_ID}"
    parts: list[bytes | Placeholder] = [
        address_line("From", marker.sub("", from_name), source.sent_from),
        Placeholder(Encoding.ADDRESS, ("to_name", "to_address"), header="To"),
        address_line("Reply-To", "", source.contact),
        *header_parts("Subject", subject, marker=marker),
        *_raw_line("Date", "date"),
        *_raw_line("Message-ID", "message_id"),
    ]
    if source.reminder:
        parts += [*_raw_line("In-Reply-To", "first_message_id")]
        parts += [*_raw_line("References", "first_message_id")]
    parts += [
        *_raw_line("List-Unsubscribe", "opt_out_url", before="<", after=">"),
        _plain_line("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        _plain_line("List-Id", f"<surveys.{source.host}>"),
        _plain_line("Feedback-ID", feedback),
        _plain_line("Auto-Submitted", "auto-generated"),
        _plain_line("X-Auto-Response-Suppress", "OOF, AutoReply"),
        *_raw_line("X-Invitation-Ref", "reference"),
    ]
    if source.provider in REFERENCE_HEADERS:
        header, before, after = REFERENCE_HEADERS[source.provider]
        parts += _raw_line(header, "reference", before=before, after=after)
    return parts


def _plain_line(header: str, text: str) -> bytes:
    return f"{header}: ".encode("ascii") + raw(text, name=header) + b"\r\n"


def _raw_line(
    header: str, name: str, *, before: str = "", after: str = ""
) -> tuple[bytes, Placeholder, bytes]:
    return (
        f"{header}: {before}".encode("ascii"),
        Placeholder(Encoding.RAW, ("", name)),
        f"{after}\r\n".encode("ascii"),
    )


def _body(text: str, html: str, marker: re.Pattern[str]) -> list[bytes | Placeholder]:
    # "=_" never occurs in quoted-printable, so this boundary cannot occur in a part.
    boundary = b"=_koe_" + hashlib.sha256(html.encode()).hexdigest()[:16].encode()
    start = b"\r\n--" + boundary + b"\r\nContent-Type: text/%b; charset=utf-8\r\n"
    start += b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    return [
        b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="',
        boundary + b'"\r\n',
        start % b"plain",
        *body_parts(text, marker=marker, encoding=Encoding.TEXT, of_lines=OF_LINES),
        start % b"html",
        *body_parts(html, marker=marker, encoding=Encoding.HTML, of_lines=OF_LINES),
        b"\r\n--" + boundary + b"--\r\n",
    ]


def _without_lines(html: str) -> str:
    """Style rules start with a dot, and each line that does must be rewritten for the wire."""
    return re.sub(r"\s*\n\s*", " ", html)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text.replace("\r\n", "\n")).strip() + "\n"
