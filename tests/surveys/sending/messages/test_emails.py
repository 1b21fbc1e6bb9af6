from __future__ import annotations

import datetime as dt
import re
import socket
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from surveys.domain.mail.encoding import MailValueError, address_line, header_line, quoted_printable
from surveys.models import Campaign
from surveys.sending.messages import compile, emails
from surveys.sending.messages.emails import Recipient
from surveys.tokens import Purpose, read_token

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


def test_100_mails_each_carry_their_own_one_click_unsubscribe(settings) -> None:
    settings.SITE_URL = "https://survey.example.com"
    links = set()
    for number in range(100):
        message = parsed(mail_to(recipient(number)))
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = re.fullmatch(
            r"<(https://survey\.example\.com/u/([^/]+)/)>", message["List-Unsubscribe"]
        )
        assert link is not None
        assert read_token(Purpose.OPT_OUT, link[2]) == f"{number:022d}"
        links.add(link[1])
    assert len(links) == 100


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


def test_message_id_is_the_stored_one_on_every_attempt() -> None:
    target = recipient(message_id="<kept@koe.example>")
    assert {parsed(mail_to(target))["Message-ID"] for _ in range(3)} == {"<kept@koe.example>"}


def test_reminder_has_its_own_id_and_refers_to_the_first_mail() -> None:
    message = parsed(mail_to(recipient(5), reminder=True))
    assert message["Subject"] == "A reminder: one quick question about Ledgerly"
    assert message["Message-ID"] == "<0000000000000000000005.reminder@koe.example>"
    assert message["In-Reply-To"] == "<0000000000000000000005@koe.example>"
    assert message["Feedback-ID"].split(":")[1] == "reminder"


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


def test_recipient_values_are_filled_everywhere_and_escaped_in_html() -> None:
    wording = {"en": {"intro": "Dear {name} of {customer}", "subject": "For {name} of {customer}"}}
    raw = mail_to(recipient(name="Hana <b>ko</b>"), wording=wording)
    text, html = parts(raw)
    assert parsed(raw)["Subject"] == "For Hana <b>ko</b> of Acme & Co"
    assert "Dear Hana <b>ko</b> of Acme & Co" in text
    assert "Dear Hana &lt;b&gt;ko&lt;/b&gt; of Acme &amp; Co" in html


def test_a_missing_name_is_replaced_by_a_polite_one() -> None:
    raw = mail_to(recipient(name="", language="ja"), wording={"ja": {"intro": "{name} 様"}})
    assert parts(raw)[0].startswith("ご担当者 様")
    assert parsed(raw)["To"] == "person0@example.com"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_reach_neither_headers_nor_markup(hostile: str) -> None:
    honest = parsed(mail_to(recipient(name="Hanako")))
    wording = {"en": {"subject": "For {name}", "intro": "Dear {name}"}}
    raw = mail_to(recipient(name=hostile), wording=wording)
    message = parsed(raw)

    assert_wire_safe(raw)
    assert list(message.keys()) == list(honest.keys())
    assert message["To"].addresses[-1].addr_spec == "person0@example.com"
    assert len(message["To"].addresses) == 1
    _, html = parts(raw)
    assert Tags(html).named("script") == []
    assert Tags(html).named("img") == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_wording_reaches_neither_headers_nor_markup(hostile: str) -> None:
    honest = parsed(mail_to(recipient()))
    wording = {"en": {"subject": hostile, "sender_name": hostile, "intro": hostile}}
    raw = mail_to(recipient(), wording=wording)
    assert_wire_safe(raw)
    assert list(parsed(raw).keys()) == list(honest.keys())
    assert parsed(raw)["From"].addresses[0].addr_spec == "survey@koe.example"
    assert Tags(parts(raw)[1]).named("script") == []


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: x@y.example", "a@b.example, c@d.example", "あ@b.example", ""]
)
def test_an_address_that_breaks_the_header_fails_that_mail_alone(address: str) -> None:
    compiled = emails.compile_mail(campaign(), language="en")
    bad = {**emails.mail_values(recipient(), now=NOW), "to_address": address}
    with pytest.raises(MailValueError):
        compiled.fill(bad)
    assert parsed(compiled.fill(emails.mail_values(recipient(1), now=NOW)))["To"]


WORDS = st.text(
    st.one_of(
        st.characters(
            codec="utf-8",
            exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"],
            exclude_characters="{}",
        ),
        st.sampled_from("声あ=.😀👩é \u3000"),
    ),
    max_size=120,
)


def spaced(text: str) -> str:
    return " ".join(text.split())


@run(max_examples=150, deadline=None)
@given(name=WORDS, subject=WORDS, intro=WORDS)
def test_any_text_arrives_unchanged_in_seven_bits(name: str, subject: str, intro: str) -> None:
    wording = {"subject": f"件名 {subject}|{{name}}", "intro": f"本文|{intro}|{{name}}|"}
    raw = mail_to(recipient(name=name, language="ja"), wording={"ja": wording})

    assert_wire_safe(raw)
    shown = name or "ご担当者"
    assert spaced(str(parsed(raw)["Subject"])) == spaced(f"件名 {subject}|{shown}")
    assert spaced(f"本文|{intro}|").rstrip("|") in spaced(parts(raw)[0])
    assert spaced(shown) in spaced(parts(raw)[0])


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


def test_wording_too_long_for_mail_programs_is_refused() -> None:
    with pytest.raises(emails.MailTooLarge, match="at most 4000"):
        emails.compile_mail(campaign(wording={"en": {"intro": "x" * 5000}}), language="en")


def test_compiling_happens_once_and_again_when_the_wording_changes() -> None:
    first = emails.compile_mail(campaign(), language="en")
    assert emails.compile_mail(campaign(), language="en") is first
    changed = emails.compile_mail(campaign(wording={"en": {"intro": "New"}}), language="en")
    assert changed is not first


def test_previews_show_sample_values_and_lead_to_the_trial_page() -> None:
    own = campaign(wording={"ja": {"intro": "{name} 様（{customer}）"}})
    for shown in (emails.preview_html(own, "ja"), emails.preview_text(own, "ja")):
        assert "山田 花子 様（サンプル株式会社）" in shown
        assert "/s/test-" in shown
        assert not re.search(r"\{[a-z_]+\}", shown)
    assert emails.preview_subject(own, "en") == "One quick question about Ledgerly"


def test_trial_mail_is_marked_and_its_links_record_nothing() -> None:
    raw = emails.test_message(campaign(), "ja", "staff@example.com", now=NOW)
    assert_wire_safe(raw)
    assert str(parsed(raw)["Subject"]).startswith("[TEST] ")
    for part in parts(raw):
        assert "[TEST]" in part
        paths = set(re.findall(r"https?://[^/]+/([su])/([\w-]+)/", part))
        assert {kind for kind, _ in paths} == {"s", "u"}
        for _, token in paths:
            assert token.startswith("test-")
            own = token.removeprefix("test-")
            assert read_token(Purpose.TEST, own) == "00000000000000000007ja"
            assert read_token(Purpose.ANSWER, own) is None
