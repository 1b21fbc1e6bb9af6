from __future__ import annotations

import re
import socket
from typing import Any

import pytest

from surveys.queries.tokens import Purpose, read_token
from surveys.sending.messages import compile, emails
from tests.surveys.helpers.mailed import (
    HOSTILE,
    Tags,
    assert_wire_safe,
    campaign,
    mail_to,
    parsed,
    parts,
    recipient,
)


def test_headers_say_who_sends_what_and_name_nobody_but_in_to(settings) -> None:
    settings.SITE_URL = "https://survey.example.com"
    message = parsed(mail_to(recipient(3), reply_to="cs@example.com", sender_name="Ledgerly CS"))

    assert {name: str(message[name]) for name in message} == {
        "From": "Ledgerly CS <survey@koe.example>",
        "To": "Hanako <person3@example.com>",
        "Reply-To": "cs@example.com",
        "Subject": "One quick question about Ledgerly",
        "Date": "Mon, 02 Mar 2026 09:00:00 +0000",
        "Message-ID": "<0000000000000000000003@koe.example>",
        "List-Unsubscribe": str(message["List-Unsubscribe"]),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": "<surveys.survey.example.com>",
        "Feedback-ID": "7:survey:survey.example.com:koesurvey",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "X-Invitation-Ref": "0000000000000000000003",
        "MIME-Version": "1.0",
        "Content-Type": str(message["Content-Type"]),
    }
    assert 5 <= len(compile.SENDER_ID) <= 15


def test_a_campaign_with_an_address_of_its_own_is_from_it_and_known_as_ours() -> None:
    message = parsed(mail_to(recipient(3), from_address="cs@news.example"))
    assert message["From"].addresses[0].addr_spec == message["Reply-To"] == "cs@news.example"
    assert message["Message-ID"] == "<0000000000000000000003@koe.example>"
    assert "cs@news.example" in parts(mail_to(recipient(3), from_address="cs@news.example"))[0]


def test_a_long_host_name_stays_in_one_readable_header(settings) -> None:
    settings.SITE_URL = "https://" + ".".join(["survey"] * 12) + ".example.com"
    message = parsed(mail_to(recipient()))
    assert message["List-Id"] == "<surveys." + ".".join(["survey"] * 12) + ".example.com>"


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("reminder", [False, True])
def test_text_part_is_short_with_one_answer_link_and_the_opt_out(language, reminder) -> None:
    text, _ = parts(mail_to(recipient(language=language), reminder=reminder))
    assert len(text.encode()) < 4_000
    links = re.findall(r"https?://\S+", text)
    assert [link.split("/")[3] for link in links] == ["s", "u"]
    assert "?score" not in text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("reminder", [False, True])
def test_html_part_is_lint_free_and_has_eleven_score_links(language, reminder) -> None:
    _, html = parts(mail_to(recipient(language=language), reminder=reminder))
    found = Tags(html)

    assert len(html.encode()) < 90_000
    forbidden = {"form", "script", "link", "img", "iframe", "object", "video", "input", "button"}
    assert {tag for tag, _ in found.tags} & forbidden == set()
    for banned in ("flex", "grid", "@import", "url(", "javascript:", "position:"):
        assert banned not in html
    scores = [a["href"] for a in found.named("a") if "?score=" in (a["href"] or "")]
    assert [href.partition("?score=")[2] for href in scores if href] == [str(n) for n in range(11)]
    tokens = {href.split("/")[4] for href in scores if href}
    assert [read_token(Purpose.ANSWER, token) for token in tokens] == ["0" * 22]
    assert found.named("html")[0]["lang"] == language
    cells = [td for td in found.named("td") if td.get("class") == "cell"]
    assert len(cells) == 11
    assert all(td["bgcolor"] and "border:1px solid" in str(td["style"]) for td in cells)
    assert "<!--[if mso]><table" in html


@pytest.mark.parametrize(("language", "most"), [("en", 12_000), ("ja", 16_000)])
def test_default_mail_repeats_no_style_that_its_cells_inherit(language, most) -> None:
    raw = mail_to(recipient(language=language))
    assert len(raw) < most
    # Once for all that inherit, once for Outlook's tables, which do not.
    assert parts(raw)[1].count("font-family") == 2


def test_inlining_keeps_media_rules_and_opens_no_socket(monkeypatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    page = (
        '<link rel="stylesheet" href="http://127.0.0.1:9/evil.css">'
        "<style>p { color: red } @media (max-width: 9px) { p { color: blue } }</style><p>x</p>"
    )
    inlined = compile._inliner.inline(page)
    assert "@media (max-width: 9px)" in inlined
    assert 'style="color:red' in inlined
    compile.compiled.cache_clear()
    assert "prefers-color-scheme: dark" in emails.compile_mail(campaign(), language="en").html


@pytest.mark.parametrize("language", ["ja", "en"])
def test_sender_and_opt_out_are_there_whatever_staff_wrote(settings, language) -> None:
    settings.ORGANISATION_NAME = "株式会社こえ"
    settings.ORGANISATION_ADDRESS = "東京都千代田区1-1"
    fields = ["subject", "preheader", "intro", "question", "low_label", "high_label", "sign_off"]
    empty = dict.fromkeys(fields, "\u2060")
    raw = mail_to(
        recipient(language=language), wording={language: empty}, reply_to="contact@example.com"
    )
    for part in parts(raw):
        assert "株式会社こえ" in part
        assert "東京都千代田区1-1" in part
        assert "contact@example.com" in part
        assert len(set(re.findall(r"/u/[\w-]{44}/", part))) == 1


def test_preheader_is_the_first_text_of_the_body() -> None:
    _, html = parts(mail_to(recipient()))
    body = html[html.index("<body") :]
    first = re.sub(r"<[^>]+>", "", body).strip()
    assert first.startswith("Choose a number from 0 to 10. It takes less than a minute.")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_wording_reaches_neither_headers_nor_markup(hostile: str) -> None:
    honest = parsed(mail_to(recipient()))
    wording = {"en": {"subject": hostile, "sender_name": hostile, "intro": hostile}}
    raw = mail_to(recipient(), wording=wording)
    assert_wire_safe(raw)
    assert list(parsed(raw).keys()) == list(honest.keys())
    assert parsed(raw)["From"].addresses[0].addr_spec == "survey@koe.example"
    assert Tags(parts(raw)[1]).named("script") == []


def test_wording_too_long_for_mail_programs_is_refused() -> None:
    with pytest.raises(emails.MailTooLarge, match="at most 4000"):
        emails.compile_mail(campaign(wording={"en": {"intro": "x" * 5000}}), language="en")


def test_compiling_happens_once_and_again_when_the_wording_changes() -> None:
    first = emails.compile_mail(campaign(), language="en")
    assert emails.compile_mail(campaign(), language="en") is first
    changed = emails.compile_mail(campaign(wording={"en": {"intro": "New"}}), language="en")
    assert changed is not first
